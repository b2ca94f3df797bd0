import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicPath } from '../lib/keys/publish.ts';
import { parseSettings } from '../lib/settings.ts';
import { cubesCommand } from '../scripts/commands/cubes.ts';
import { keysCommand } from '../scripts/commands/keys.ts';
import { startCommand } from '../scripts/commands/start.ts';
import { subgraphCommand } from '../scripts/commands/subgraph.ts';
import { discoverSubgraphs } from '../scripts/subgraphs.ts';
import { COMPOSE_TEXT, programs, readCompose, type Service } from './support/compose-file.ts';

const root = new URL('../', import.meta.url);
const compose = readCompose();
const definitions = await discoverSubgraphs();
const names = definitions.map(({ name }) => name);

describe('docker-compose.yml', () => {
  const services = Object.entries(compose.services);

  it.each(services)('confines %s: no root, no capabilities, nothing to write on', (_name, service) => {
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.pids_limit).toBeGreaterThan(0);
  });

  it('gives gateways, departments and exchange users of their own, so that none can read the private keys of another', () => {
    const departments = names.filter((name) => name !== 'exchange');
    const users = (...group: readonly string[]): Set<string | undefined> =>
      new Set(group.map((name) => compose.services[name]?.user));
    expect(users('gateway-1', 'gateway-2', 'gateway-keys')).toEqual(new Set(['1000:1000']));
    expect(users(...departments, 'subgraph-keys')).toEqual(new Set(['1001:1001']));
    expect(users('exchange', 'exchange-keys')).toEqual(new Set(['1002:1002']));
    for (const name of [...names, 'gateway-1', 'gateway-2'])
      expect(compose.services[name]?.volumes.every((volume) => volume.endsWith(':ro'))).toBe(true);
  });

  it('shows the keys of exchange to exchange and the gateways alone, and has these believe no other release', () => {
    const mounting = services.filter(([, { volumes }]) => volumes.some((each) => each.startsWith('exchange-keys:')));
    expect(mounting.map(([name]) => name).sort()).toEqual(['exchange', 'exchange-keys', 'gateway-1', 'gateway-2']);
    const { KEY_DIR: folder = '' } = compose.services['exchange-keys']?.environment ?? {};
    expect(compose.services['exchange']?.environment['KEY_DIR']).toBe(folder);
    for (const name of ['gateway-1', 'gateway-2']) {
      const { environment, volumes, depends_on: needs } = gatewayOf(name);
      expect(environment['HUB_RELEASE_JWKS']).toBe(publicPath(folder, 'release'));
      expect(environment['KEY_DIR']).not.toBe(folder);
      expect(volumes).toContain(`exchange-keys:${folder}:ro`);
      // Exchange makes the first release before it is healthy.
      expect(needs).toMatchObject({ exchange: { condition: 'service_healthy' } });
    }
  });

  it('runs a process for every subgraph there is, and two gateways that run none', () => {
    for (const name of names) expect(compose.services[name]?.command?.slice(0, 2)).toEqual(['subgraph', name]);
    for (const name of ['gateway-1', 'gateway-2']) {
      const { environment } = gatewayOf(name);
      const remote = Object.keys(environment).filter((variable) => /^HUB_SUBGRAPH_\w+_URL$/.test(variable));
      expect(remote.sort()).toEqual(names.map((each) => `HUB_SUBGRAPH_${upper(each)}_URL`).sort());
    }
  });

  it.each(programs(compose))('starts %s by a command the program has', (_name, { command }) => {
    expect(misfits(command ?? [])).toEqual([]);
  });

  it('would notice a command the program does not have', () => {
    expect(misfits(['subgraph', 'population', '--prot', '1'])).toEqual(['--prot', '1']);
    expect(misfits(['subgraph', 'weather'])).toEqual(['weather']);
    expect(misfits(['keys', 'burn'])).toEqual(['burn']);
  });

  it.each(programs(compose))('gives %s settings that the program takes in production', (_name, service) => {
    const [first] = service.command ?? [];
    const role = first === 'start' ? 'hub' : first === 'subgraph' ? 'subgraph' : 'tool';
    const { production } = parseSettings(service.environment, { subgraphs: names, role });
    expect(production).toBe(true);
  });

  it.each(names)('lets gateways reach %s by TLS alone, on the port that its TLS hands to it', (name) => {
    const service = compose.services[name];
    const port = portOf(service?.command ?? []);
    expect(port).toMatch(/^41\d\d$/);
    expect(service?.environment['HUB_HOST']).toBe('127.0.0.1');
    expect(service?.network_mode).toBe(`service:${name}-tls`);
    const { networks } = compose.services[`${name}-tls`] ?? {};
    expect(networks).toEqual({ stores: {}, subgraphs: { aliases: [name] } });
    const url = gatewayOf('gateway-1').environment[`HUB_SUBGRAPH_${upper(name)}_URL`];
    expect(url).toBe(`https://${name}:${port.replace(/^41/, '84')}/graphql`);
    const [, first = '', last = ''] = /listen (\d+)-(\d+) ssl;/.exec(read('deploy/tls.conf')) ?? [];
    const listened = port.replace(/^41/, '84');
    expect([listened >= first, listened <= last]).toEqual([true, true]);
  });

  it('gives every subgraph the database of its department and no other', () => {
    for (const { name, database = name } of definitions) {
      const { environment, secrets } = compose.services[name] ?? {};
      const urls = Object.keys(environment ?? {}).filter((variable) => variable.startsWith('MONGODB_URL'));
      expect(urls).toEqual([`MONGODB_URL_${upper(database)}`]);
      expect(secrets).toContainEqual({ source: `${database}-database`, target: 'database.pem' });
    }
    expect(databaseUsers()).toEqual(new Set(definitions.map(({ name, database = name }) => database)));
  });

  it('counts in the databases of all departments that count something, only where it is asked to', () => {
    const counting = definitions.filter(({ cubes = [] }) => cubes.length > 0).map(({ name }) => name);
    const { environment = {}, secrets, profiles } = compose.services['cubes'] ?? {};
    expect(profiles).toEqual(['statistics']);
    expect(services.filter(([, { depends_on: needs }]) => 'cubes' in needs)).toEqual([]);
    const urls = Object.entries(environment).filter(([variable]) => variable.startsWith('MONGODB_URL'));
    expect(urls.map(([variable]) => variable).sort()).toEqual(
      counting.map((each) => `MONGODB_URL_${upper(each)}`).sort(),
    );
    for (const name of counting) {
      expect(environment[`MONGODB_URL_${upper(name)}`]).toContain(`tlsCertificateKeyFile=/run/secrets/${name}.pem`);
      expect(secrets).toContainEqual({ source: `${name}-database`, target: `${name}.pem` });
    }
  });

  it('asks for health where the program answers, at the port it listens on', () => {
    for (const [name, { command = [], healthcheck }] of programs(compose)) {
      if (command[0] === 'keys' || command[0] === 'cubes') continue;
      const [url] = healthcheck?.test.slice(-1) ?? [];
      expect(url, name).toBe(`http://127.0.0.1:${command[0] === 'start' ? '4000' : portOf(command)}/ready`);
    }
    expect(compose.services['balancer']?.healthcheck?.test.at(-1)).toBe('https://127.0.0.1:8443/ready');
    expect(read('lib/health-routes.ts')).toContain("'/ready'");
  });

  it('waits for services that exist, and for health only where it is asked for', () => {
    for (const [name, { depends_on: needs, network_mode: mode }] of services) {
      const shared = mode?.startsWith('service:') ? [mode.slice('service:'.length)] : [];
      for (const each of [...shared, ...(Array.isArray(needs) ? needs : Object.keys(needs))])
        expect(Object.keys(compose.services), `${name} needs ${each}`).toContain(each);
      if (Array.isArray(needs)) continue;
      for (const [each, { condition }] of Object.entries(needs)) {
        if (condition === 'service_healthy') expect(compose.services[each]?.healthcheck, each).toBeDefined();
        else expect(compose.services[each]?.restart, `${each} ends`).toBe('no');
      }
    }
  });

  it('publishes the balancer and nothing else; stores and subgraphs have no way out', () => {
    expect(services.filter(([, { ports }]) => ports.length > 0).map(([name]) => name)).toEqual(['balancer']);
    expect(compose.networks['stores']).toEqual({ internal: true });
    expect(compose.networks['subgraphs']).toEqual({ internal: true });
  });

  it('holds no secret: keys and certificates are files that the operator makes', () => {
    expect(COMPOSE_TEXT).not.toMatch(/:\/\/[^/\s'"]*@/);
    expect(COMPOSE_TEXT).not.toMatch(/pass(word|phrase)|BEGIN [A-Z ]*KEY|[\w+/-]{40,}={0,2}['"\s]/i);
    for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^secrets\//);
    for (const { environment } of Object.values(compose.services))
      for (const [name, value] of Object.entries(environment))
        if (/KEY$|SECRET$|TOKEN$/.test(name)) expect(value, name).toMatch(/^\/run\/secrets\//);
  });

  it('mounts only what it declares and what is there', () => {
    for (const [name, { secrets, configs, volumes }] of services) {
      for (const each of secrets) expect(Object.keys(compose.secrets), name).toContain(source(each));
      for (const each of configs) expect(Object.keys(compose.configs), name).toContain(source(each));
      for (const each of volumes) expect(Object.keys(compose.volumes), name).toContain(each.split(':')[0]);
    }
    for (const { file } of Object.values(compose.configs)) expect(read(file).length).toBeGreaterThan(0);
  });
});

describe('deploy/make-secrets.sh', () => {
  let folder = '';
  const make = (): string =>
    execFileSync('bash', [new URL('deploy/make-secrets.sh', root).pathname, 'hub.example', 'localhost'], {
      env: { PATH: process.env['PATH'], SECRETS_DIR: folder },
      encoding: 'utf8',
    });
  const certificate = (name: string): X509Certificate => new X509Certificate(readFileSync(join(folder, name)));

  beforeAll(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'shuniu-secrets-')), 'secrets');
    make();
  });
  afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

  it('makes every file that docker-compose.yml mounts, in a folder for its owner alone', () => {
    const made = readdirSync(folder);
    for (const { file } of Object.values(compose.secrets)) expect(made).toContain(basename(file));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'ca.key')).mode & 0o077).toBe(0);
  });

  it('signs what it makes, for the host that shows it', () => {
    const authority = certificate('ca.crt').publicKey;
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.pem')))
      expect(certificate(file).verify(authority), file).toBe(true);
    for (const name of names) expect(certificate(`${name}-tls.pem`).checkHost(name)).toBe(name);
    for (const name of ['mongo1', 'mongo2', 'mongo3']) expect(certificate(`${name}.pem`).checkHost(name)).toBe(name);
    expect(certificate('hub-tls.pem').checkHost('hub.example')).toBe('hub.example');
    expect(certificate('population-tls.pem').checkHost('archives')).toBeUndefined();
  });

  it('names database users as the store knows them', () => {
    for (const user of [...databaseUsers(), 'admin'])
      expect(certificate(`${user}-database.pem`).subject.split('\n').reverse().join(',')).toBe(
        `CN=${user},OU=client,O=shuniu`,
      );
    expect(read('deploy/store-init.mongosh')).toContain('`CN=${name},OU=client,O=shuniu`');
  });

  it('leaves what is there as it is', () => {
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    expect(make()).not.toContain('made');
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])).toEqual(before);
  });
});

describe('Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  it('runs the program as a user that is not root, and asks for its health', () => {
    expect(dockerfile.match(/^USER (.*)$/gm)?.at(-1)).toBe('USER node');
    expect(dockerfile).toContain('ENTRYPOINT ["node", "dist/scripts/hub.js"]');
    expect(dockerfile).toMatch(/^HEALTHCHECK [^]*\/health/m);
    expect(read('lib/health-routes.ts')).toContain("'/health'");
    expect(misfits([...(/^CMD \["(\w+)"\]$/m.exec(dockerfile)?.slice(1) ?? [])])).toEqual([]);
  });

  it('has a folder for each volume of keys, of the user who fills it: a new volume is root’s where there is none', () => {
    const users = new Map([['1000', 'node']]);
    for (const [, id = '', name = ''] of dockerfile.matchAll(/useradd --uid (\d+)(?: --?[\w-]+| \/\S+)* (\w+)/g))
      users.set(id, name);
    const jobs = programs(compose).filter(([, { command }]) => command?.[0] === 'keys');
    for (const [job, { user, environment }] of jobs) {
      const name = users.get(user.split(':')[0] ?? '');
      const pattern = new RegExp(`install -d -o ${name} -g ${name} -m (0\\d+) ${environment['KEY_DIR']}(?=\\s)`);
      const [, mode] = pattern.exec(dockerfile) ?? [];
      // Others pass to the public keys, and list nothing; the departments' subgraphs publish none.
      expect([job, mode]).toEqual([job, job === 'subgraph-keys' ? '0700' : '0711']);
    }
  });

  it('is built from the sources the build wants, and never from secrets or data', () => {
    const kept = read('.dockerignore').match(/^!.*$/gm) ?? [];
    const [, folders = ''] = /^const folders = \[(.*)\];$/m.exec(read('scripts/build/build-program.js')) ?? [];
    const built = [...folders.matchAll(/'([\w-]+)'/g)].map(([, folder]) => folder);
    expect(built).toContain('gateway');
    for (const each of [...built, 'package-lock.json', 'tsconfig.json']) expect(kept).toContain(`!${each}`);
    expect(read('.dockerignore')).toMatch(/^\*$/m);
    expect(kept.join()).not.toMatch(/secret|\.env|data|node_modules|\.git/);
  });
});

/** What of a command line the program would refuse. */
function misfits(args: readonly string[]): string[] {
  const [name, ...rest] = args;
  const command = [startCommand(), subgraphCommand(), keysCommand(), cubesCommand()].find(
    (each) => each.name() === name,
  );
  return command ? misfitsOf(command, rest) : [...args];
}

function misfitsOf(command: Command, args: readonly string[]): string[] {
  const below = command.commands.find((each) => each.name() === args[0]);
  if (below) return misfitsOf(below, args.slice(1));
  const { operands, unknown } = command.parseOptions([...args]);
  const expected = command.registeredArguments;
  return [...unknown, ...operands.filter((operand, index) => !(expected[index]?.argChoices ?? []).includes(operand))];
}

function databaseUsers(): Set<string> {
  const [, list = ''] = /const USERS = \[(.*)\]/.exec(read('deploy/store-init.mongosh')) ?? [];
  return new Set([...list.matchAll(/'([\w-]+)'/g)].map(([, name = '']) => name));
}

function gatewayOf(name: string): Service {
  const service = compose.services[name];
  if (!service) throw new Error(`no service ${name}`);
  return service;
}

function portOf(command: readonly string[]): string {
  return command[command.indexOf('--port') + 1] ?? '';
}

function source(mounted: Service['secrets'][number]): string {
  return typeof mounted === 'string' ? mounted : mounted.source;
}

function upper(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}
