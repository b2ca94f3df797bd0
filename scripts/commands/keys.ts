import { Argument, Command } from 'commander';
import { isKeyName, KEY_NAMES } from '../../lib/keys/key-names.ts';
import { print, printJson, printTable, withExamples } from '../command-line.ts';
import { settingsOf, type SettingOptions } from '../read-settings.ts';

interface Options extends SettingOptions {
  readonly json?: true;
}

/** `hub keys init|list|rotate`. */
export function keysCommand(): Command {
  const command = new Command('keys').description('make, list and rotate the keys of this hub');
  for (const each of [initCommand(), listCommand(), rotateCommand()]) command.addCommand(each);
  return withExamples(
    command,
    'hub keys init',
    'NODE_ENV=production KEY_DIR=/etc/shuniu/keys hub keys init',
    'hub keys list --json',
    'hub keys rotate gateway',
  );
}

function keyOptions(command: Command): Command {
  return command
    .option('--data-dir <folder>', 'folder above the keys (DATA_DIR; ./data)')
    .option('--key-dir <folder>', 'folder of the keys (KEY_DIR; <data>/keys)')
    .option('--json', 'print JSON');
}

function initCommand(): Command {
  const command = new Command('init').description(
    'make the keys that are missing; under NODE_ENV=production they are fit for production',
  );
  return keyOptions(command).action(async ({ json, ...options }: Options) => {
    const { keys } = settingsOf(options, 'tool');
    const { initKeys } = await import('../../lib/keys/rotate.ts');
    const made = await initKeys(keys);
    if (json) printJson({ dir: keys.dir, made });
    else print(made.length > 0 ? `Made ${made.join(', ')} in ${keys.dir}.` : `All keys are in ${keys.dir}.`);
  });
}

function listCommand(): Command {
  const command = new Command('list').description('list keys with their ids and ages; never a private part');
  return keyOptions(command).action(async ({ json, ...options }: Options) => {
    const { keys } = settingsOf(options, 'tool');
    const { listKeys } = await import('../../lib/keys/list.ts');
    const listed = await listKeys(keys);
    if (json) printJson(listed);
    else
      printTable(
        ['name', 'id', 'status', 'made for', 'made at', 'verifies until'],
        listed.map((key) => [
          key.name,
          key.kid,
          key.status,
          key.environment ?? key.variable,
          key.createdAt,
          key.expiresAt,
        ]),
      );
  });
}

function rotateCommand(): Command {
  const command = new Command('rotate')
    .description('make a new current key; what the old gateway key signed is accepted for 24 hours more')
    .addArgument(new Argument('[name]', 'which').choices(KEY_NAMES).default('gateway'));
  return keyOptions(command).action(async (name: string, { json, ...options }: Options) => {
    const { keys } = settingsOf(options, 'tool');
    const { rotateKey } = await import('../../lib/keys/rotate.ts');
    if (!isKeyName(name)) return;
    const { kid, createdAt, environment } = await rotateKey(keys, name);
    if (json) printJson({ name, kid, createdAt, environment });
    else print(`${name}: the current key is ${kid}. Processes that run take it up within a second.`);
  });
}
