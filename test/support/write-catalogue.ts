import type { PolicyTable } from '../../schema/policy-table.ts';
import { catalogueOf, type IsVisible, replaceCatalogue } from '../../sharing/store/catalogue.ts';
import type { SharingModels } from '../../sharing/store/models.ts';

/** Makes the stored catalogue that of a policy table, as a release of it would. */
export async function writeCatalogue(
  models: Pick<SharingModels, 'catalogue'>,
  table: PolicyTable,
  isVisible?: IsVisible,
): Promise<void> {
  await models.catalogue.db.transaction((session) => replaceCatalogue(models, catalogueOf(table, isVisible), session));
}
