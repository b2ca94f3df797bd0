import type { KeySettings } from '../settings.ts';
import { keyId } from './jwk.ts';
import { readKeys } from './key-file.ts';
import { KEY_NAMES, type KeyKind, type KeyName, KEYS } from './key-names.ts';
import { bringsVariable } from './rotate.ts';

/** One key as `hub keys list` shows it: never its private part. */
export interface ListedKey {
  readonly name: KeyName;
  /** Absent for a secret that a variable brings. */
  readonly kid?: string | undefined;
  readonly status: 'current' | 'retired' | 'expired' | 'missing';
  readonly environment?: string | undefined;
  readonly createdAt?: string | undefined;
  readonly expiresAt?: string | undefined;
  /** The variable that brings it, where no file does. */
  readonly variable?: string | undefined;
}

/** Every key of the folder, and those that variables bring. */
export async function listKeys(settings: KeySettings, at = new Date()): Promise<readonly ListedKey[]> {
  const rows: ListedKey[] = [];
  for (const name of KEY_NAMES) {
    const kind: KeyKind = KEYS[name];
    if (bringsVariable(settings, name)) rows.push(await fromVariable(settings, name, kind.variable));
    const keys = await readKeys(settings.dir, name);
    const expected = !(kind.developmentOnly && settings.production) && !bringsVariable(settings, name);
    if (keys.length === 0 && expected) rows.push({ name, status: 'missing' });
    for (const { kid, environment, createdAt, retiredAt, expiresAt } of keys) {
      const expired = expiresAt !== undefined && Date.parse(expiresAt) <= at.getTime();
      const status = expired ? 'expired' : retiredAt ? 'retired' : 'current';
      rows.push({ name, kid, status, environment, createdAt, expiresAt });
    }
  }
  return rows;
}

async function fromVariable(settings: KeySettings, name: KeyName, variable = ''): Promise<ListedKey> {
  const kid = name === 'gateway' && settings.gatewayKey ? await keyId(settings.gatewayKey) : undefined;
  return { name, kid, status: 'current', variable };
}
