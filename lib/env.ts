import { parseSettings, type Settings, type SettingsOptions, type Variables } from './settings.ts';

/**
 * The one place that reads the environment.
 * @param overrides variables that the command line sets, such as `{ HUB_PORT: '4100' }`; they come before the environment.
 * @throws HubError SETTINGS_REFUSED with what to set.
 */
export function readSettings(options: SettingsOptions, overrides: Variables = {}): Settings {
  const set = Object.entries(overrides).filter(([, value]) => value !== undefined);
  return parseSettings({ ...process.env, ...Object.fromEntries(set) }, options);
}

/** Keeps Apollo's packages from calling home; call it before any of them is loaded. The hub may have no way out. */
export function quietApollo(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
}
