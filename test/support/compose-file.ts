import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** `docker-compose.yml` as Docker Compose reads it: merged, and with the variables of `.env.example` filled in. */

const mounted = z.union([z.string(), z.object({ source: z.string(), target: z.string() })]);

const service = z.object({
  image: z.string(),
  build: z.string().optional(),
  user: z.string(),
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  pids_limit: z.number(),
  restart: z.string(),
  profiles: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  network_mode: z.string().optional(),
  networks: z
    .union([z.array(z.string()), z.record(z.string(), z.object({ aliases: z.array(z.string()).optional() }))])
    .optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  secrets: z.array(mounted).default([]),
  configs: z.array(mounted).default([]),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), z.object({ condition: z.string() }))]).default({}),
});

const composeFile = z.object({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
  volumes: z.record(z.string(), z.object({})),
  configs: z.record(z.string(), z.object({ file: z.string() })),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

export type Service = z.infer<typeof service>;
export type ComposeFile = z.infer<typeof composeFile>;

export const COMPOSE_TEXT = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');

/** The variables of `.env.example`. */
export function exampleVariables(): Record<string, string> {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  return Object.fromEntries([...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

export function readCompose(): ComposeFile {
  const variables = exampleVariables();
  const filled = COMPOSE_TEXT.replace(/\$\{(\w+)(?::[?-][^}]*)?\}/g, (whole, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`${whole}: .env.example does not name ${name}`);
    return value;
  });
  // The limit guards against hostile files; this is our own, and each subgraph adds a few aliases.
  return composeFile.parse(parse(filled, { merge: true, maxAliasCount: -1 }));
}

/** The services that run the hub's own program. */
export function programs(compose: ComposeFile): [name: string, service: Service][] {
  return Object.entries(compose.services).filter(([, { image }]) => image === 'shuniu:latest');
}
