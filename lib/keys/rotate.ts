import { HubError } from '../errors.ts';
import type { KeySettings } from '../settings.ts';
import { createKeys, readKeys, replaceKeys, type StoredKey } from './key-file.ts';
import { isPublished, KEY_NAMES, type KeyKind, type KeyName, KEYS } from './key-names.ts';
import { makeKey } from './make-key.ts';
import { publish } from './publish.ts';

/**
 * Makes a new current key. Retired ones verify until they expire (see `KEYS`); in production, keys made for development go at once.
 * @throws HubError KEYS_REFUSED for a key that a variable brings, or that production does not have.
 */
export async function rotateKey(settings: KeySettings, name: KeyName, at = new Date()): Promise<StoredKey> {
  refuseForeign(settings, name);
  const known = await readKeys(settings.dir, name);
  const kept = known
    .filter(({ environment }) => !(settings.production && environment === 'development'))
    .map((key) => retire(key, KEYS[name].keepFor, at))
    .filter(({ expiresAt }) => expiresAt === undefined || Date.parse(expiresAt) > at.getTime());
  const fresh = await makeKey(name, settings.production ? 'production' : 'development', at);
  const keys = [fresh, ...kept];
  // Public first: what is signed with the new key must find it wherever it is verified.
  if (isPublished(name)) await publish(settings.dir, name, keys);
  await replaceKeys(settings.dir, name, keys);
  return fresh;
}

/** Makes the keys that are missing, and publishes the halves that others verify by. @returns the names that were made. */
export async function initKeys(settings: KeySettings, at = new Date()): Promise<readonly KeyName[]> {
  const made: KeyName[] = [];
  for (const name of KEY_NAMES) {
    if (bringsVariable(settings, name) || (settings.production && isForDevelopment(name))) continue;
    if (await ensureKey(settings, name, at)) made.push(name);
  }
  return made;
}

/** Makes one key where it is missing. @returns whether it was. */
export async function ensureKey(settings: KeySettings, name: KeyName, at = new Date()): Promise<boolean> {
  refuseForeign(settings, name);
  const missing = (await readKeys(settings.dir, name)).length === 0;
  if (missing)
    await createKeys(settings.dir, name, [await makeKey(name, settings.production ? 'production' : 'development', at)]);
  if (isPublished(name)) await publish(settings.dir, name, await readKeys(settings.dir, name));
  return missing;
}

/** Whether a variable brings the key instead of a file. */
export function bringsVariable(settings: KeySettings, name: KeyName): boolean {
  if (name === 'gateway') return settings.gatewayKey !== undefined;
  return (name === 'cursor' || name === 'session' || name === 'subjects') && settings.secrets[name] !== undefined;
}

function retire(key: StoredKey, keepFor: number, at: Date): StoredKey {
  if (key.retiredAt !== undefined) return key;
  const dates = {
    retiredAt: at.toISOString(),
    ...(keepFor !== Infinity && { expiresAt: new Date(at.getTime() + keepFor).toISOString() }),
  };
  if (key.kty === 'oct') return { ...key, ...dates };
  const { d: _, ...half } = key;
  return { ...half, ...dates };
}

function refuseForeign(settings: KeySettings, name: KeyName): void {
  const kind: KeyKind = KEYS[name];
  if (settings.production && isForDevelopment(name))
    throw new HubError('KEYS_REFUSED', `${name}: a key for development, not used in production. Use HUB_JWKS.`);
  if (bringsVariable(settings, name))
    throw new HubError('KEYS_REFUSED', `${name}: ${kind.variable ?? 'a variable'} brings this key. Change it there.`);
}

function isForDevelopment(name: KeyName): boolean {
  const kind: KeyKind = KEYS[name];
  return kind.developmentOnly === true;
}
