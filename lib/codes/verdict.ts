/**
 * What a validation says. An invalid value is an expected outcome, so it is returned, not thrown. `reason` is for
 * programs, `message` is a sentence for people that says what is wrong and what to do; neither repeats the value,
 * because most of these values are personal.
 */
export type Verdict<Value, Reason extends string> =
  | { readonly kind: 'VALID'; readonly value: Value }
  | { readonly kind: 'INVALID'; readonly reason: Reason; readonly message: string };

export function valid<Value>(value: Value): { readonly kind: 'VALID'; readonly value: Value } {
  return { kind: 'VALID', value };
}

export function invalid<Reason extends string>(
  reason: Reason,
  message: string,
): { readonly kind: 'INVALID'; readonly reason: Reason; readonly message: string } {
  return { kind: 'INVALID', reason, message };
}
