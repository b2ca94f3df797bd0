import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { showProgress } from '../../scripts/seed/progress.ts';

function screen(isTTY: boolean) {
  const written: string[] = [];
  const stream = new PassThrough() as unknown as NodeJS.WriteStream;
  stream.on('data', (chunk: Buffer) => written.push(chunk.toString('utf8')));
  return {
    written,
    stream: Object.assign(stream, { isTTY, columns: 100, cursorTo: () => true, clearLine: () => true }),
  };
}

describe('the progress of long work', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is a line every five seconds with rate and time left, where there is no terminal', () => {
    const { written, stream } = screen(false);
    const display = showProgress('Generating data', stream);
    for (let second = 0; second <= 11; second++) {
      display.show({ done: 100 * second, total: 2_000 });
      vi.advanceTimersByTime(1_000);
    }
    display.stop();
    expect(written).toEqual([
      'Generating data: 500 of about 2000 (25 %), 100/s, 15 s left\n',
      'Generating data: 1000 of about 2000 (50 %), 100/s, 10 s left\n',
    ]);
  });

  it('is a bar on a terminal', () => {
    const { written, stream } = screen(true);
    const display = showProgress('Generating data', stream);
    display.show({ done: 10, total: 100 });
    vi.advanceTimersByTime(2_000);
    display.show({ done: 50, total: 100 });
    display.stop();
    expect(written.join('')).toContain('Generating data');
    expect(written.join('')).toContain('50%');
  });

  it('says nothing where nothing was done', () => {
    for (const isTTY of [true, false]) {
      const { written, stream } = screen(isTTY);
      showProgress('Generating data', stream).stop();
      expect(written).toEqual([]);
    }
  });
});
