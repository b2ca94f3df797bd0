import { HubError } from '../../lib/errors.ts';
import { MAX_PAGE, type PageArguments } from '../../lib/connection.ts';
import type { AuditRecord } from '../../sharing/store/models.ts';
import type { ExchangeContext } from './grants.ts';
import { visibleEntries } from './visible.ts';

type Place = readonly [at: string, id: string];

export const auditQueries = {
  auditEntries: async (_: unknown, args: PageArguments, { loaders, signed, cursors }: ExchangeContext) => {
    const size = args.first ?? 20;
    if (size < 1 || size > MAX_PAGE)
      throw new HubError('BAD_USER_INPUT', `first: ${size} is out of range. Ask for 1 to ${MAX_PAGE} rows.`);
    const after = args.after ? (cursors.decode(args.after) as Place) : undefined;
    const before = after && {
      $or: [{ at: { $lt: new Date(after[0]) } }, { at: new Date(after[0]), _id: { $lt: after[1] } }],
    };
    const rows: AuditRecord[] = await loaders.audit
      .find({ $and: [visibleEntries(signed), before ?? {}] })
      .sort({ at: -1, _id: -1 })
      .limit(size + 1)
      .lean();
    const edges = rows
      .slice(0, size)
      .map((node) => ({ cursor: cursors.encode([node.at.toISOString(), node._id]), node }));
    return { edges, pageInfo: { hasNextPage: rows.length > size, endCursor: edges.at(-1)?.cursor ?? null } };
  },
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
  subjects: (record: AuditRecord) => record.subjects?.length ?? 0,
};
