import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { HubError } from '../errors.ts';
import { keyEnvironment } from './jwk.ts';
import type { KeyName } from './key-names.ts';
import { isMissing } from './watched-file.ts';

const FORMAT = 1;

const dates = {
  kid: z.string(),
  environment: keyEnvironment,
  createdAt: z.iso.datetime(),
  retiredAt: z.iso.datetime().optional(),
  /** When a retired key ceases to count; absent for one that is kept. */
  expiresAt: z.iso.datetime().optional(),
};

/** A retired signing key has no `d`: it will sign nothing again, so there is nothing left to steal. */
const signingKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string().optional(),
  ...dates,
});
const secretKey = z.object({ kty: z.literal('oct'), k: z.string(), ...dates });

const keyFile = z.object({
  format: z.number().int(),
  keys: z.array(z.discriminatedUnion('kty', [signingKey, secretKey])).min(1),
});

/** One key of a file: a JWK with its dates. The first of a file is the current one. */
export type StoredKey = z.infer<typeof signingKey> | z.infer<typeof secretKey>;

export function keyPath(dir: string, name: KeyName): string {
  return join(dir, `${name}.key.json`);
}

/** The keys of a name, none where there is no file. @throws HubError KEYS_REFUSED as `parseKeys` and `assertPrivate` do. */
export async function readKeys(dir: string, name: KeyName): Promise<readonly StoredKey[]> {
  const path = keyPath(dir, name);
  try {
    await assertPrivate(path);
    return parseKeys(await readFile(path, 'utf8'), path);
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw thrown;
  }
}

/** @throws HubError KEYS_REFUSED for what is not a key file of this format; it never quotes the file. */
export function parseKeys(text: string, path: string): readonly StoredKey[] {
  const read = keyFile.safeParse(json(text));
  if (read.success && read.data.format <= FORMAT) return read.data.keys;
  const newer = z.looseObject({ format: z.number().gt(FORMAT) }).safeParse(json(text)).success;
  const advice = newer
    ? 'written by a newer version of the hub. Use that version.'
    : 'not a key file. Restore it from its copy, or remove it and run hub keys init.';
  throw new HubError('KEYS_REFUSED', `${path}: ${advice}`);
}

/** Writes a new file, and leaves one that is there as it is. */
export async function createKeys(dir: string, name: KeyName, keys: readonly StoredKey[]): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const aside = await writeAside(keyPath(dir, name), { format: FORMAT, keys }, 0o600);
  try {
    // A link, unlike a rename, fails where the file exists: two processes that start together keep one key.
    await link(aside, keyPath(dir, name));
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
  } finally {
    await unlink(aside);
  }
}

export async function replaceKeys(dir: string, name: KeyName, keys: readonly StoredKey[]): Promise<void> {
  await replaceFile(keyPath(dir, name), { format: FORMAT, keys }, 0o600);
}

/** Replaces a file in one step: a reader sees the old or the new one, whole. */
export async function replaceFile(path: string, content: unknown, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rename(await writeAside(path, content, mode), path);
}

async function writeAside(path: string, content: unknown, mode: number): Promise<string> {
  const aside = `${path}.${randomUUID()}`;
  const file = await open(aside, 'wx', mode);
  try {
    // The process's umask may have taken bits away.
    await file.chmod(mode);
    await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return aside;
}

/** @throws HubError KEYS_REFUSED where another account could read the file; the sentence has the command that mends it. */
export async function assertPrivate(path: string): Promise<void> {
  if (await allows(path, 0o077))
    throw new HubError('KEYS_REFUSED', `${path}: others can read or change this key. Run chmod 600 ${path}`);
  await assertOurs(path);
}

/** @throws HubError KEYS_REFUSED where another account could put its own keys there. */
export async function assertOurs(path: string): Promise<void> {
  if (await allows(path, 0o022))
    throw new HubError('KEYS_REFUSED', `${path}: others can change these keys. Run chmod 644 ${path}`);
  const dir = dirname(path);
  if (await allows(dir, 0o022))
    throw new HubError('KEYS_REFUSED', `${dir}: others can replace the keys in it. Run chmod 700 ${dir}`);
}

/** Whether group or others have one of these rights. In a sticky folder (secret mounts) they cannot replace what is not theirs. */
async function allows(path: string, rights: number): Promise<boolean> {
  const { mode } = await stat(path);
  return process.platform !== 'win32' && (mode & rights) !== 0 && (mode & 0o1000) === 0;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says about a key file may quote the key; "not a key file" is said by the caller.
    return undefined;
  }
}
