/** The signal that a terminal or a service manager wants the process to end. */
export interface StopSignal {
  /** Aborts at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Resolves then. */
  readonly stopped: Promise<void>;
}

const INTERRUPTED = 130;

/** From now on a first SIGINT or SIGTERM asks for an orderly end; a second one ends the process at once. */
export function listenForStop(): StopSignal {
  const controller = new AbortController();
  const stopped = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()));
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return { signal: controller.signal, stopped };
}
