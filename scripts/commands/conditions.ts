import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { OBLIGATIONS } from '../../sharing/policy/grant.ts';
import { gather } from '../command-line.ts';

/** Options that say under which conditions a grant is asked for or given. */
export interface ConditionOptions {
  readonly rowsPerDay?: number;
  readonly subjectsPerDay?: number;
  readonly obligation?: readonly string[];
}

export function obligationOption(description: string): Option {
  const known: readonly string[] = OBLIGATIONS;
  return new Option('--obligation <name>', `${description} (choices: ${known.join(', ')})`).argParser(
    (value: string, before: string[] | undefined) => {
      if (!known.includes(value)) throw new InvalidArgumentError(`Allowed choices are ${known.join(', ')}.`);
      return gather(value, before);
    },
  );
}

/** As the schema takes it; undefined where nothing is limited. */
export function quotaOf({ rowsPerDay, subjectsPerDay }: ConditionOptions) {
  if (rowsPerDay === undefined && subjectsPerDay === undefined) return undefined;
  return { ...(rowsPerDay !== undefined && { rowsPerDay }), ...(subjectsPerDay !== undefined && { subjectsPerDay }) };
}

const quota = z.object({ rowsPerDay: z.number().nullable(), subjectsPerDay: z.number().nullable() });

/** The same as the endpoint answers it. */
export const conditions = { quota: quota.nullable(), obligations: z.array(z.string()) };

export function summary(given: z.infer<typeof quota> | null): string | undefined {
  if (!given) return undefined;
  const { rowsPerDay, subjectsPerDay } = given;
  const parts = [
    ...(rowsPerDay === null ? [] : [`${rowsPerDay} rows`]),
    ...(subjectsPerDay === null ? [] : [`${subjectsPerDay} subjects`]),
  ];
  return parts.join(', ');
}
