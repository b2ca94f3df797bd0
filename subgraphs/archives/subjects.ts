import { pageSize } from '../../lib/connection.ts';
import type { Subject } from './models.ts';

/** Whom a row is about, as references into the registers of persons and of legal persons. */
export function subjects(row: { readonly subjects: readonly Subject[] }, args: { readonly first?: number | null }) {
  return row.subjects
    .slice(0, pageSize(args.first))
    .map(({ kind, ref }) =>
      kind === 'PERSON' ? { __typename: 'Person', ref } : { __typename: 'LegalPerson', uscc: ref },
    );
}
