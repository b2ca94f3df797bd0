import { catalogueOf, type CatalogueTexts } from '../../schema/catalogue.ts';
import type { PolicyTable } from '../../schema/policy-table.ts';
import { replaceCatalogue } from '../../sharing/store/catalogue.ts';
import type { SharingModels } from '../../sharing/store/models.ts';

/** Callers see everything, and the schema says nothing of it. */
export const NO_TEXTS: CatalogueTexts = {
  item: () => ({ graphqlType: 'String' }),
  resource: () => ({ leadsTo: [] }),
};

/** Makes the stored catalogue that of a policy table, as a release of it would. */
export async function writeCatalogue(
  models: SharingModels,
  table: PolicyTable,
  { texts = NO_TEXTS, since = 1 }: { readonly texts?: CatalogueTexts; readonly since?: number } = {},
): Promise<void> {
  const release = { since, sinceAt: new Date(Date.UTC(2026, 0, since)) };
  await models.catalogue.db.transaction((session) =>
    replaceCatalogue(models, catalogueOf(table, texts), { release, session }),
  );
}
