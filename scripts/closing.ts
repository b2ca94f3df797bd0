/** What was opened, to be closed in the opposite order. */
export interface Closing {
  readonly onClose: (step: () => Promise<void> | void) => void;
  /**
   * Takes every step once, last first. One part that fails to close must not keep the others, the stores above all, from
   * closing: the first failure is thrown when all have been tried.
   */
  readonly close: () => Promise<void>;
}

export function closing(): Closing {
  const steps: (() => Promise<void> | void)[] = [];
  return {
    onClose: (step) => void steps.push(step),
    async close() {
      const failures: unknown[] = [];
      for (const step of steps.splice(0).reverse()) {
        try {
          await step();
        } catch (thrown) {
          failures.push(thrown);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
