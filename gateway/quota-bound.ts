import { pagesBelow, rowsOf } from './repeats.ts';
import type { NestedShape, ObjectShape, Shape } from './shape.ts';

/** What may be used of one grant: rows, and data subjects among them. */
export interface Amount {
  readonly rows: number;
  readonly subjects: number;
}

type Amounts = Map<string, Amount>;

interface Place {
  readonly times: number;
  readonly paged: boolean;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * The most an answer of this shape can show by each grant with a quota, as far as the operation says how many rows it asks
 * for. A list that takes no `first` is taken to be of usual length: what it really holds is known only from the answer.
 */
export function upperBound(
  shape: ObjectShape,
  variables: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, Amount> {
  return ofShape(shape, { times: 1, paged: false, variables });
}

function ofShape(shape: Shape, place: Place): Amounts {
  if (shape.kind === 'object') return ofObject(shape, place);
  const most: Amounts = new Map();
  for (const possible of shape.byType.values())
    for (const [grant, { rows, subjects }] of possible ? ofObject(possible, place) : []) {
      const known = most.get(grant) ?? NOTHING;
      most.set(grant, { rows: Math.max(known.rows, rows), subjects: Math.max(known.subjects, subjects) });
    }
  return most;
}

function ofObject({ charged, subjects, fields }: ObjectShape, place: Place): Amounts {
  const { times } = place;
  const total: Amounts = new Map();
  for (const grant of charged) add(total, grant, { rows: times, subjects: subjects ? times : 0 });
  for (const field of fields)
    if (field.kind === 'nested') for (const [grant, amount] of ofNested(field, place)) add(total, grant, amount);
    else if (field.kind !== 'null' && field.kind !== 'typename')
      for (const grant of field.asks) add(total, grant, { rows: times, subjects: 0 });
  return total;
}

function ofNested({ shape, repeats, asks }: NestedShape, { times, paged, variables }: Place): Amounts {
  const rows = rowsOf(repeats, { paged, variables });
  const below = ofShape(shape, { times: times * rows, paged: pagesBelow(repeats), variables });
  for (const grant of asks) {
    const { rows: shown, subjects } = below.get(grant) ?? NOTHING;
    below.set(grant, { rows: Math.max(shown, times), subjects });
  }
  return below;
}

const NOTHING: Amount = { rows: 0, subjects: 0 };

function add(total: Amounts, grant: string, { rows, subjects }: Amount): void {
  const known = total.get(grant) ?? NOTHING;
  total.set(grant, { rows: known.rows + rows, subjects: known.subjects + subjects });
}
