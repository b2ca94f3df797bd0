import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import { HubError, messageOf } from '../../lib/errors.ts';
import { type PrivateKeyJwk, privateKeyJwk } from '../../lib/keys/jwk.ts';
import { keyIdOf } from '../../sharing/publishing/proof.ts';
import { print, printJson, printTable, withExamples } from '../command-line.ts';
import { settingsOf } from '../read-settings.ts';
import { count, endpoint, type EndpointOptions, withEndpointOptions } from './request-endpoint.ts';

/** `hub publishing-key`: the keys by which departments sign what they publish. */
export function publishingKeyCommand(): Command {
  const command = new Command('publishing-key').description(
    'make, register, list and revoke the keys by which departments sign what they publish',
  );
  command.addCommand(
    new Command('create')
      .description('make a key of your department; its public half is then registered by the data bureau')
      .requiredOption('--out <file>', 'where the private key goes; it must not exist yet')
      .option('--json', 'print the public half as JSON')
      .action(createKey),
  );
  const register = new Command('register')
    .description('accept a key of a department (role hub-operator of the data bureau)')
    .argument('<x>', 'the public half, as create prints it')
    .requiredOption('--department <code>', 'whose key it is')
    .option('--days <number>', 'how long it is accepted, 1096 at most', count, 365)
    .action((x: string, options: EndpointOptions & { department: string; days: number }) =>
      change(
        options,
        `mutation ($department: String!, $x: String!, $days: Int!) {
          done: registerPublishingKey(department: $department, x: $x, days: $days) { ${FIELDS} } }`,
        { department: options.department, x, days: options.days },
      ),
    );
  const revoke = new Command('revoke')
    .description('end a key at once, by its department or the data bureau')
    .argument('<id>', 'its id')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, options: EndpointOptions & { reason: string }) =>
      change(
        options,
        `mutation ($id: ID!, $reason: String!) { done: revokePublishingKey(id: $id, reason: $reason) { ${FIELDS} } }`,
        { id, reason: options.reason },
      ),
    );
  const list = new Command('list')
    .description('the keys of your department; all of them for the data bureau')
    .action(listKeys);
  for (const each of [register, list, revoke]) command.addCommand(withEndpointOptions(each));
  return withExamples(
    command,
    'hub publishing-key create --out publishing.key.json',
    'hub publishing-key register kPrK_qmx… --department public-security --days 365',
    'hub publishing-key list',
    `hub publishing-key revoke <id> --reason 'its holder has left'`,
  );
}

/**
 * The private key that signs what is published.
 * @throws HubError KEYS_REFUSED naming the file or the variable; never what it holds.
 */
export async function readPublishingKey(file: string | undefined): Promise<PrivateKeyJwk> {
  const brought = settingsOf({}, 'tool').publishingKey;
  if (file === undefined && brought) return brought;
  if (file === undefined)
    throw new HubError(
      'KEYS_REFUSED',
      'No publishing key: name its file by --key, or set HUB_PUBLISHING_KEY. Make one: hub publishing-key create --out publishing.key.json',
    );
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    throw new HubError('KEYS_REFUSED', `--key: ${file} cannot be read (${messageOf(thrown)}). Name another file.`);
  }
  const read = privateKeyJwk.safeParse(json(text));
  if (read.success) return read.data;
  throw new HubError('KEYS_REFUSED', `--key: ${file} holds no Ed25519 private key. Name the file that create made.`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser would quote the text, which may be a key.
    return undefined;
  }
}

async function createKey({ out, json: asJson }: { out: string; json?: true }): Promise<void> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x = '', d = '' } = await exportJWK(privateKey);
  try {
    await writeFile(out, `${JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x, d }, null, 2)}\n`, {
      flag: 'wx',
      mode: 0o600,
    });
    await writeFile(`${out}.pub`, `${x}\n`);
  } catch (thrown) {
    throw new HubError('KEYS_REFUSED', `--out: ${out} cannot be written (${messageOf(thrown)}). Name another file.`);
  }
  const id = await keyIdOf(x);
  if (asJson) printJson({ id, x, file: out });
  else
    print(
      `${out} holds key ${id}. Keep it secret.\n${out}.pub holds its public half. The data bureau accepts it by: hub publishing-key register ${x} --department <your department>`,
    );
}

const FIELDS = 'id department validUntil addedBy at revokedBy revokedAt reason';
const key = z.object({
  id: z.string(),
  department: z.string(),
  validUntil: z.string(),
  addedBy: z.string(),
  at: z.string(),
  revokedBy: z.string().nullable(),
  revokedAt: z.string().nullable(),
  reason: z.string().nullable(),
});

async function listKeys(options: EndpointOptions): Promise<void> {
  const { ask } = await endpoint(options);
  const { keys } = await ask(`{ keys: publishingKeys { ${FIELDS} } }`, {}, z.object({ keys: z.array(key) }));
  if (options.json) printJson(keys);
  else table(keys);
}

async function change(options: EndpointOptions, mutation: string, variables: Record<string, unknown>): Promise<void> {
  const { ask } = await endpoint(options);
  const { done } = await ask(mutation, variables, z.object({ done: key }));
  if (options.json) printJson(done);
  else table([done]);
}

function table(keys: readonly z.infer<typeof key>[]): void {
  printTable(
    ['id', 'department', 'accepted until', 'registered by', 'revoked', 'why'],
    keys.map((each) => [
      ...[each.id, each.department, each.validUntil.slice(0, 10), each.addedBy],
      ...[each.revokedAt?.slice(0, 10), each.reason ?? undefined],
    ]),
  );
}
