import { readAsset } from '../../lib/asset.ts';
import { DateScalar } from '../../lib/scalars.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { archiveItem, legalPerson, person } from './archive-item.ts';
import { division } from './count-items.ts';
import { ARCHIVE_ITEMS } from './cubes.ts';
import { document } from './document.ts';
import { law } from './law.ts';
import { type ArchivesLoaders, loaders } from './loaders.ts';
import { models } from './models.ts';
import { OWNER } from './owner.ts';
import { queries } from './queries.ts';

/** 公文及档案: official documents, archives and laws, of the archives bureau. */
export const definition: SubgraphDefinition<ArchivesLoaders> = {
  name: 'archives',
  owner: OWNER,
  title: '公文及档案',
  sdl: readAsset(new URL('./schema.graphql', import.meta.url)),
  cubes: [ARCHIVE_ITEMS],
  open(connection) {
    const opened = models(connection);
    return {
      loaders: (signed) => loaders(opened, signed),
      resolvers: {
        Query: queries,
        Document: document,
        ArchiveItem: archiveItem,
        Law: law,
        Division: division,
        Person: person,
        LegalPerson: legalPerson,
        Date: DateScalar,
      },
    };
  },
};
