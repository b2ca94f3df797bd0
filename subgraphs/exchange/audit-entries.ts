import type { PageArguments } from '../../lib/connection.ts';
import { searchPage } from '../../lib/search-page.ts';
import { subjectsOf } from '../../sharing/store/audit-log.ts';
import type { AuditRecord } from '../../sharing/store/models.ts';
import type { ExchangeContext } from './grants.ts';
import { visibleEntries } from './visible.ts';

export const auditQueries = {
  auditEntries: (_: unknown, args: PageArguments, { loaders, signed, cursors }: ExchangeContext) =>
    searchPage<AuditRecord>(loaders.audit, {
      list: 'auditEntries',
      filter: visibleEntries(signed),
      sort: { at: -1, _id: -1 },
      arguments: args,
      cursors,
    }),
  auditEntry: (_: unknown, { id }: { id: string }, { loaders, signed }: ExchangeContext) =>
    loaders.audit.findOne({ $and: [{ _id: id }, visibleEntries(signed)] }).lean(),
};

export const auditEntry = {
  __resolveReference: ({ id }: { id: string }, context: ExchangeContext) =>
    auditQueries.auditEntry(null, { id }, context),
  id: (record: AuditRecord) => record._id,
  department: (record: AuditRecord) => record.caller?.department,
  application: (record: AuditRecord) => record.caller?.application,
  officer: (record: AuditRecord) => record.caller?.officer,
  onBehalfOf: (record: AuditRecord) => record.caller?.onBehalfOf,
  purpose: (record: AuditRecord) => record.caller?.purpose,
  grants: (record: AuditRecord) => record.grants ?? [],
  operationName: (record: AuditRecord) => record.operation?.name,
  operation: (record: AuditRecord) => record.operation?.text,
  allowed: (record: AuditRecord) => record.items?.allowed ?? [],
  masked: (record: AuditRecord) => record.items?.masked ?? [],
  denied: (record: AuditRecord) => record.items?.denied ?? [],
  rows: (record: AuditRecord) => Object.entries(record.rows ?? {}).map(([resource, count]) => ({ resource, count })),
  subjects: (record: AuditRecord) => subjectsOf(record).length,
};
