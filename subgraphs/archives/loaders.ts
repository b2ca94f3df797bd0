import { type RowLoader, rowLoader } from '../../lib/batch.ts';
import { type ReleasedTables, releasedTables } from '../../lib/cubes/released-tables.ts';
import { both, rowScope } from '../../lib/row-scope.ts';
import type { SignedContext } from '../../lib/signed-context.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import { today } from '../../lib/today.ts';
import { type TopRowsLoader, topRowsLoader } from '../../lib/top-rows.ts';
import type { ArchiveItemRecord, ArchivesModels, DocumentRecord, LawRecord } from './models.ts';
import { OWNER } from './owner.ts';
import { noSecretOn } from './opening.ts';

/** Stored fields by which documents, and archived items, lie in divisions. */
export const ISSUER = { county: 'division' } as const;
export const ARCHIVE = { county: 'county' } as const;

export interface ArchivesLoaders {
  readonly models: ArchivesModels;
  /** The day of the operation, on which everything it shows is open or not. */
  readonly day: string;
  /** Filters for the rows that exist for this caller: in the scope, and no state secret. */
  readonly visible: { readonly documents: Record<string, unknown>; readonly archiveItems: Record<string, unknown> };
  readonly document: RowLoader<DocumentRecord>;
  readonly documentByNumber: RowLoader<DocumentRecord>;
  readonly archiveItem: RowLoader<ArchiveItemRecord>;
  readonly archiveItemsAbout: TopRowsLoader<ArchiveItemRecord>;
  readonly law: RowLoader<LawRecord>;
  /** Released tables, of the caller's audience. */
  readonly tables: ReleasedTables;
}

export type ArchivesContext = SubgraphContext<ArchivesLoaders>;

export function loaders(models: ArchivesModels, signed: SignedContext): ArchivesLoaders {
  const day = today();
  const visible = {
    documents: both(rowScope(signed.divisions, ISSUER), noSecretOn('issuedOn', day)),
    archiveItems: both(rowScope(signed.divisions, ARCHIVE), noSecretOn('formedOn', day)),
  };
  return {
    models,
    day,
    visible,
    document: rowLoader(models.documents, '_id', visible.documents),
    documentByNumber: rowLoader(models.documents, 'documentNumber', visible.documents),
    archiveItem: rowLoader(models.archiveItems, '_id', visible.archiveItems),
    archiveItemsAbout: topRowsLoader(models.archiveItems, { listed: 'subjects.ref' }),
    law: rowLoader(models.laws, '_id'),
    tables: releasedTables(models.archiveItems.db, signed, OWNER),
  };
}

/** Stored fields behind the fields of Document. */
export const DOCUMENT_NEEDS = { id: ['_id'], title: ['title', 'publicity'], fullTitle: ['title'] } as const;

const OPENING = ['formedOn', 'secrecy'] as const;

/** Stored fields behind the fields of ArchiveItem. */
export const ARCHIVE_ITEM_NEEDS = {
  number: ['_id'],
  title: ['title', ...OPENING],
  fullTitle: ['title'],
  openingDate: OPENING,
  open: OPENING,
  division: ['county'],
} as const;

/** Stored fields behind the fields of Law. */
export const LAW_NEEDS = { id: ['_id'] } as const;
