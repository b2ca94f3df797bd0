import { unconfirmed } from '../../sharing/policy/row-scope.ts';
import { today } from '../../lib/today.ts';
import { checkDivisions, isWithin } from './check-divisions.ts';

/** What is wrong with the divisions an owner confirms for a grant whose own were merged or split. */
export function checkConfirmed(divisions: readonly string[], granted: readonly string[], now: Date): readonly string[] {
  const pending = unconfirmed(granted, today(now.getTime())).flatMap(({ successors }) => successors);
  if (pending.length === 0)
    return ['divisions: nothing to confirm. Every division of this grant is in force, or was only renamed.'];
  return [
    ...checkDivisions(divisions, now),
    ...divisions.flatMap((code, index) =>
      isWithin(code, pending)
        ? []
        : [`divisions[${index}]: not what became of a division of this grant. Choose among ${pending.join(', ')}.`],
    ),
  ];
}
