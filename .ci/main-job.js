// Starts the built hub from another folder on generated data and asks what the README asks, over HTTP.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const hub = join(root, 'dist/scripts/hub.js');
const cwd = mkdtempSync(join(tmpdir(), 'shuniu-main-'));
const started = Date.now();
const child = spawn(process.execPath, [hub, 'start', '--port', '0'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
let output = '';
child.stdout.on('data', (chunk) => (output += chunk));
const ended = once(child, 'exit');

async function origin() {
  for (;;) {
    const found = /ready: (http:\/\/[\d.:]+)\/graphql/.exec(output);
    if (found) return found[1];
    assert.equal(child.exitCode, null, 'the hub ended before it was ready');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The README's blocks: a token by the command line, then one request with the very body it shows. */
function examples() {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  return [...readme.matchAll(/hub -- (token [^)]+)\)\ncurl [^\n]* -d '([^\n]+)'\n/g)].map(([, token, body]) => ({
    args: token.split(' '),
    body: JSON.parse(body),
  }));
}

async function ask(at, { args, body }) {
  const token = execFileSync(process.execPath, [hub, ...args], { cwd, encoding: 'utf8' }).trim();
  const response = await fetch(`${at}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, entry: response.headers.get('shuniu-audit-entry'), ...(await response.json()) };
}

try {
  const at = await origin();
  console.log(`ready after ${Date.now() - started} ms with generated data`);
  assert.equal((await fetch(`${at}/ready`)).status, 200);
  const [household, dashboard, audit] = examples();
  const answer = await ask(at, household);
  assert.equal(answer.status, 200);
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const shown = JSON.parse(/```json\n([\s\S]*?)\n```/.exec(readme)[1]);
  assert.deepEqual(answer.data, shown.data, 'the answer is the one the README shows');
  assert.deepEqual(answer.errors, shown.errors);
  assert.match(answer.entry, /^[\da-f-]{36}$/);
  console.log('one query through five subgraphs: allowed, masked and refused as the README shows');
  const counts = await ask(at, dashboard);
  assert.equal(counts.errors, undefined);
  assert.ok(counts.data.division.population.every(({ count }) => count === null || count >= 10));
  const { data } = await ask(at, audit);
  const entries = data.auditEntries.edges.map(({ node }) => node);
  const own = entries.find(({ purpose }) => purpose === 'low-income-check');
  assert.equal(own.outcome, 'PARTIAL');
  assert.ok(own.masked.includes('Person.residentNumber'));
  assert.deepEqual(own.denied, [{ coordinate: 'Person.maritalStatus', reason: 'NO_GRANT' }]);
  assert.ok(!JSON.stringify(entries).includes('532331198911282233'), 'no personal value in the record');
  console.log('the record shows it, without a personal value');
  child.kill('SIGTERM');
  const [code] = await ended;
  assert.equal(code, 0, 'an orderly stop ends with 0');
  console.log('stopped in order');
} finally {
  if (child.exitCode === null) child.kill('SIGKILL');
  await ended;
  rmSync(cwd, { recursive: true, force: true });
}
