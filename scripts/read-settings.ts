import { readSettings } from '../lib/env.ts';
import type { Settings, SettingsOptions } from '../lib/settings.ts';
import { subgraphNames } from './subgraphs.ts';

/** Options of commands that stand for a variable. */
const VARIABLES = {
  host: 'HUB_HOST',
  port: 'HUB_PORT',
  dataDir: 'DATA_DIR',
  keyDir: 'KEY_DIR',
  persons: 'HUB_PERSONS',
  seed: 'HUB_SEED',
} as const;

export type SettingOptions = { readonly [Option in keyof typeof VARIABLES]?: string | undefined };

/** The settings of a command: its options come before the environment. @throws HubError SETTINGS_REFUSED */
export function settingsOf(options: SettingOptions, role: SettingsOptions['role']): Settings {
  const overrides = Object.entries(VARIABLES).map(([option, variable]) => [
    variable,
    options[option as keyof typeof VARIABLES],
  ]);
  return readSettings(
    { subgraphs: subgraphNames(), role },
    Object.fromEntries(overrides) as Record<string, string | undefined>,
  );
}
