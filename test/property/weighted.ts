import fc from 'fast-check';

/*
 * Choices by weight, made of constants alone: such a recipe can be shrunk on its own, without the run that made it.
 */

/** Put what needs no protection first: that is what a counterexample shrinks to. */
export const weighted = <T>(...choices: readonly (readonly [weight: number, value: T])[]): fc.Arbitrary<T> =>
  fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

/** True so many times of a hundred. */
export const sometimes = (times: number): fc.Arbitrary<boolean> => weighted([100 - times, false], [times, true]);
