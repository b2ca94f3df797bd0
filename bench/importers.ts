/** Measures `hub import` into a new embedded store: node --import tsx bench/importers.ts [rows] [rounds] */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeResidentNumber } from '../lib/codes/resident-number.ts';

const [rows = 100_000, rounds = 3] = process.argv.slice(2).map(Number);
const dir = await mkdtemp(join(tmpdir(), 'shuniu-bench-'));

/** One kind of file: its header and its rows. */
type Sample = { readonly header: string; readonly row: (index: number) => string };

const SAMPLES: Readonly<Record<string, Sample>> = {
  // One index, the key.
  observations: {
    header: '指标代码,行政区划代码,时期,数值,计量单位,版本,数据来源,发布日期',
    row: (index) =>
      `BENCH${Math.floor(index / 480) % 100_000},532301,${1985 + (Math.floor(index / 12) % 40)}-${two((index % 12) + 1)},${index % 9973},元,1,统计局,2025-10-26`,
  },
  // The indexes of the population.
  persons: {
    header: '公民身份号码,姓名,民族,行政区划代码,户籍地址,户号,联系电话',
    row: (index) =>
      `${residentNumber(index)},普家${String.fromCharCode(0x4e00 + (index % 5_000))},彝族,532301101${String(1 + (index % 9)).padStart(3, '0')},楚雄市鹿城镇${index}号,${Math.floor(index / 3)},190${String(index).padStart(8, '0')}`,
  },
};

/** A number that passes its check: 30,000 days from 1930 on, 999 in order on each. */
function residentNumber(index: number): string {
  const born = new Date(Date.UTC(1930, 0, 1 + (index % 30_000)));
  const day = `${born.getUTCFullYear()}${two(born.getUTCMonth() + 1)}${two(born.getUTCDate())}`;
  return composeResidentNumber('532301', day, String(1 + (Math.floor(index / 30_000) % 999)).padStart(3, '0'));
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

async function write(path: string, { header, row }: Sample): Promise<void> {
  const file = createWriteStream(path);
  file.write(`${header}\n`);
  for (let index = 0; index < rows; index++) if (!file.write(`${row(index)}\n`)) await once(file, 'drain');
  file.end();
  await once(file, 'finish');
}

async function importFile(resource: string, path: string, dataDir: string): Promise<number> {
  const started = performance.now();
  const args = ['scripts/build/run.js', 'import', resource, path, '--data-dir', dataDir, '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await once(child, 'close');
  const { inserted, rejected } = JSON.parse(printed) as { inserted: number; rejected: number };
  if (inserted !== rows || rejected > 0) throw new Error(`${resource}: not all rows came in: ${printed}`);
  return (rows * 1000) / (performance.now() - started);
}

try {
  for (const [resource, sample] of Object.entries(SAMPLES)) {
    const path = join(dir, `${resource}.csv`);
    await write(path, sample);
    const rates: number[] = [];
    for (let round = 0; round < rounds; round++)
      rates.push(await importFile(resource, path, join(dir, `${resource}-${round}`)));
    rates.sort((one, other) => one - other);
    const median = rates[Math.floor(rates.length / 2)] ?? 0;
    console.log(`${resource}: ${Math.round(median)} rows/s (median of ${rounds}; ${rates.map(Math.round).join(', ')})`);
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}
