import fc from 'fast-check';
import { sometimes, weighted } from './weighted.ts';

/*
 * Worlds are generated as recipes: plain choices that are read modulo what there is to choose from. Every recipe makes a valid
 * world, so that nothing is thrown away, and a counterexample shrinks by leaving out parts of the recipe.
 */

export type SharingRecipe = 'UNCONDITIONAL' | 'CONDITIONAL' | 'MASKED' | 'WITHHELD' | 'BY_TYPE' | 'NONE';
export type FieldKind = 'scalar' | 'entity' | 'value' | 'abstract' | 'derived';

export interface FieldRecipe {
  readonly kind: FieldKind;
  readonly pick: number;
  readonly list: boolean;
  readonly nonNull: boolean;
  readonly itemNonNull: boolean;
  readonly sharing: SharingRecipe;
  readonly argument: number;
  readonly requires: readonly number[];
}

export interface RootRecipe {
  readonly give: 'many' | 'one' | 'count' | 'verify';
  readonly pick: number;
  readonly nonNull: boolean;
  readonly sharing: SharingRecipe;
  readonly by: number;
  readonly byDefault: boolean;
  readonly filter: boolean;
}

export interface PartRecipe {
  readonly subgraph: number;
  readonly typeSharing: SharingRecipe;
  readonly fields: readonly FieldRecipe[];
}

export interface EntityRecipe extends PartRecipe {
  readonly publicKey: boolean;
  readonly keySharing: SharingRecipe;
  readonly scoped: boolean;
  /** Whether it has a resident number and a birth date, of which each restores what the mask of the other hides. */
  readonly registered: boolean;
  readonly divisionSharing: SharingRecipe;
  readonly personal: boolean;
  readonly resource: boolean;
  readonly rows: number;
  readonly filterDefault: boolean;
  readonly extensions: readonly PartRecipe[];
  readonly roots: readonly RootRecipe[];
}

export interface AbstractRecipe {
  readonly kind: 'interface' | 'union';
  readonly subgraph: number;
  readonly members: readonly number[];
  readonly sharing: readonly SharingRecipe[];
}

export interface WorldRecipe {
  readonly owners: readonly number[];
  readonly entities: readonly EntityRecipe[];
  readonly values: readonly PartRecipe[];
  readonly abstracts: readonly AbstractRecipe[];
  readonly roots: readonly (FieldRecipe & { readonly subgraph: number })[];
  readonly salt: number;
}

const some = fc.nat(11);

const sharing = weighted<SharingRecipe>(
  [36, 'UNCONDITIONAL'],
  [22, 'CONDITIONAL'],
  [24, 'MASKED'],
  [4, 'WITHHELD'],
  [12, 'BY_TYPE'],
  [2, 'NONE'],
);
const typeSharing = weighted<SharingRecipe>(
  [30, 'NONE'],
  [40, 'UNCONDITIONAL'],
  [18, 'CONDITIONAL'],
  [8, 'MASKED'],
  [4, 'WITHHELD'],
);
/** What a caller passes on the way to anything else is mostly open, or little would be seen behind it. */
const doorSharing = weighted<SharingRecipe>([84, 'UNCONDITIONAL'], [12, 'CONDITIONAL'], [2, 'WITHHELD'], [2, 'NONE']);

const fieldWith = (shared: fc.Arbitrary<SharingRecipe>, derived = 22) => ({
  kind: weighted<FieldKind>([32, 'scalar'], [24, 'entity'], [8, 'value'], [16, 'abstract'], [derived, 'derived']),
  pick: some,
  list: sometimes(35),
  nonNull: sometimes(55),
  itemNonNull: sometimes(40),
  sharing: shared,
  argument: fc.nat(3),
  requires: fc.array(some, { minLength: 1, maxLength: 2 }),
});
const field = fc.record<FieldRecipe>(fieldWith(sharing));
/** What others add to a row is what can be computed from it. */
const added = fc.record<FieldRecipe>(fieldWith(sharing, 80));

const parts = { subgraph: some, typeSharing, fields: fc.array(field, { minLength: 1, maxLength: 5, size: 'max' }) };

const root = fc.record<RootRecipe>({
  give: weighted<RootRecipe['give']>([60, 'many'], [26, 'one'], [7, 'count'], [7, 'verify']),
  pick: some,
  nonNull: sometimes(10),
  sharing: doorSharing,
  by: weighted([60, 0], [16, 1], [8, 2], [16, 3]),
  byDefault: sometimes(15),
  filter: sometimes(40),
});

const entity = fc.record<EntityRecipe>({
  ...parts,
  publicKey: sometimes(50),
  keySharing: weighted<SharingRecipe>([50, 'UNCONDITIONAL'], [20, 'CONDITIONAL'], [20, 'MASKED'], [10, 'WITHHELD']),
  scoped: sometimes(50),
  registered: sometimes(35),
  divisionSharing: sharing,
  personal: sometimes(40),
  resource: sometimes(30),
  rows: fc.nat(4),
  filterDefault: sometimes(15),
  extensions: fc.array(
    fc.record<PartRecipe>({ ...parts, fields: fc.array(added, { minLength: 1, maxLength: 5, size: 'max' }) }),
    { maxLength: 2, size: 'max' },
  ),
  roots: fc.array(root, { minLength: 1, maxLength: 2, size: 'max' }),
});

const abstract = fc.record<AbstractRecipe>({
  kind: fc.constantFrom('interface', 'union'),
  subgraph: some,
  members: fc.array(some, { minLength: 2, maxLength: 3, size: 'max' }),
  sharing: fc.array(sharing, { minLength: 3, maxLength: 3 }),
});

export const worldRecipe: fc.Arbitrary<WorldRecipe> = fc.record<WorldRecipe>({
  owners: fc.array(fc.nat(2), { minLength: 2, maxLength: 4, size: 'max' }),
  entities: fc.array(entity, { minLength: 2, maxLength: 4, size: 'max' }),
  values: fc.array(fc.record<PartRecipe>(parts), { maxLength: 2, size: 'max' }),
  abstracts: fc.array(abstract, { maxLength: 2, size: 'max' }),
  roots: fc.array(
    fc.record<FieldRecipe & { readonly subgraph: number }>({ ...fieldWith(doorSharing), subgraph: some }),
    { minLength: 1, maxLength: 5, size: 'max' },
  ),
  salt: fc.nat(9_999),
});
