import { Presets, SingleBar } from 'cli-progress';

type Progress = { readonly done: number; readonly total: number };

export type ProgressDisplay = {
  readonly show: (progress: Progress) => void;
  /** Leaves the last state on the screen. */
  stop(): void;
};

/** Seconds between two lines where there is no terminal to draw on. */
const lineEvery = 5;

/**
 * Shows how far a long piece of work is, on standard error so that results can be piped: a bar on a terminal, elsewhere
 * a line every five seconds with the rate and the time left.
 */
export function showProgress(label: string, stream: NodeJS.WriteStream = process.stderr): ProgressDisplay {
  return stream.isTTY ? bar(label, stream) : lines(label, stream);
}

function bar(label: string, stream: NodeJS.WriteStream): ProgressDisplay {
  const drawn = new SingleBar(
    {
      format: `${label} {bar} {percentage}% | {value}/{total} | {rate}/s | {left} left`,
      stream,
      hideCursor: true,
      etaBuffer: 50,
    },
    Presets.shades_classic,
  );
  const measure = meter();
  let started = false;
  return {
    show: (progress) => {
      const total = Math.round(progress.total);
      if (!started) drawn.start(total, 0, { rate: 0, left: '–' });
      started = true;
      const { rate, left } = measure(progress);
      drawn.update(Math.round(progress.done), { rate, left });
    },
    stop: () => {
      if (started) drawn.stop();
    },
  };
}

function lines(label: string, stream: NodeJS.WriteStream): ProgressDisplay {
  const measure = meter();
  let next = Date.now() + lineEvery * 1000;
  return {
    show: (progress) => {
      const { rate, left } = measure(progress);
      if (Date.now() < next) return;
      next = Date.now() + lineEvery * 1000;
      const percent = Math.floor((100 * progress.done) / Math.max(1, progress.total));
      stream.write(
        `${label}: ${Math.round(progress.done)} of about ${Math.round(progress.total)} (${percent} %), ${rate}/s, ${left} left\n`,
      );
    },
    stop: () => undefined,
  };
}

/** Rate since the first report and the time left at that rate. */
function meter(): (progress: Progress) => { rate: number; left: string } {
  let first: { at: number; done: number } | undefined;
  return ({ done, total }) => {
    first ??= { at: Date.now(), done };
    const seconds = (Date.now() - first.at) / 1000;
    const rate = seconds > 0 ? (done - first.done) / seconds : 0;
    const left = rate > 0 ? Math.ceil((total - done) / rate) : undefined;
    return {
      rate: Math.round(rate),
      left: left === undefined ? '–' : left < 90 ? `${left} s` : `${Math.ceil(left / 60)} min`,
    };
  };
}
