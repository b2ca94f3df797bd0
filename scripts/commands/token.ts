import { Command } from 'commander';
import { gather, print, printJson, withExamples } from '../command-line.ts';
import { settingsOf, type SettingOptions } from '../read-settings.ts';

interface Options extends SettingOptions {
  readonly department: string;
  readonly application: string;
  readonly purpose?: string[];
  readonly role: string[];
  readonly officer?: string;
  readonly onBehalfOf?: string;
  readonly expires: string;
  readonly json?: true;
}

/** `hub token`: a token by the development issuer. */
export function tokenCommand(): Command {
  const command = new Command('token')
    .description('issue a development token, as a department’s identity service would (refused in production)')
    .requiredOption('--department <code>', 'department that asks, such as civil-affairs')
    .requiredOption('--application <code>', 'its application, such as relief')
    .option(
      '--purpose <code>',
      'what for, such as low-income-check; without it only unconditional items can be read. Repeat it for more: a call cites one of them by the header sharing-purpose, and without that is for the first',
      gather,
    )
    .option('--role <code>', 'a role of the caller; repeat it for more', gather, [])
    .option('--officer <id>', 'the officer at the application')
    .option('--on-behalf-of <code>', 'department on whose behalf the application asks')
    .option('--expires <span>', 'how long it is valid: a number and s, m, h or d', '8h')
    .option('--data-dir <folder>', 'where the keys folder is (DATA_DIR; ./data)')
    .option('--json', 'print token and expiry as JSON')
    .action(issue);
  return withExamples(
    command,
    'hub token --department civil-affairs --application relief --purpose low-income-check',
    'hub token --department audit-office --application supervision --purpose audit --role auditor --expires 1h',
    `curl -H "authorization: Bearer $(hub token --department civil-affairs --application relief)" …`,
  );
}

async function issue({ role: roles, json, ...options }: Options): Promise<void> {
  const settings = settingsOf(options, 'tool');
  const [{ issueDevelopmentToken }, { openKeyring }, { HubError }] = await Promise.all([
    import('../../lib/dev-token.ts'),
    import('../../lib/keys/keyring.ts'),
    import('../../lib/errors.ts'),
  ]);
  if (settings.tokens.jwks)
    throw new HubError(
      'NO_DEVELOPMENT_ISSUER',
      'HUB_JWKS names another token issuer: get the token there, or unset HUB_JWKS.',
    );
  const { department, application, purpose: [purpose, ...more] = [], officer, onBehalfOf, expires } = options;
  const purposes = more.length > 0 ? { purposes: more } : {};
  const wanted = { department, application, purpose, ...purposes, officer, onBehalfOf, expires, roles };
  const issued = await issueDevelopmentToken(wanted, openKeyring(settings.keys), settings.tokens);
  if (json) printJson(issued);
  else print(issued.token);
}
