import { allRecords, snapshotDate } from '../../lib/codes/division-table.ts';
import { parentOf } from '../../lib/codes/divisions.ts';
import type { DivisionLevel, DivisionRecord } from '../../subgraphs/geospatial/models.ts';
import { townshipsOf } from './places.ts';
import type { County } from './places.ts';

/** The division table as records, with the townships and villages of the prefecture below it. */
export function makeDivisions(counties: readonly County[]): DivisionRecord[] {
  const records = allRecords();
  const predecessors = new Map<string, string[]>();
  for (const { code, transfers } of records) {
    for (const transfer of transfers)
      predecessors.set(transfer.code, [...(predecessors.get(transfer.code) ?? []), code]);
  }
  const table = records.map(({ code, name, level, validFrom, validTo, transfers }): DivisionRecord => ({
    _id: `${code}@${validFrom}`,
    code,
    name,
    level,
    parent: parentOf(code, validFrom),
    validFrom,
    validTo,
    predecessors: [...new Set(predecessors.get(code) ?? [])].sort(),
    successors: [...new Set(transfers.map((transfer) => transfer.code))].sort(),
  }));
  const townships = [...townshipsOf(counties)].map(([code, name]) => below(code, name, 'TOWNSHIP'));
  const villages = counties.flatMap((county) => county.villages.map(({ code, name }) => below(code, name, 'VILLAGE')));
  return [...table, ...townships, ...villages];
}

function below(code: string, name: string, level: DivisionLevel): DivisionRecord {
  return {
    _id: `${code}@${snapshotDate}`,
    code,
    name,
    level,
    parent: parentOf(code, snapshotDate),
    validFrom: snapshotDate,
    validTo: null,
    predecessors: [],
    successors: [],
  };
}
