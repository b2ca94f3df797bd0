import type { CubeDefinition } from '../../lib/cubes/cube-definition.ts';
import { modelRows } from '../../lib/cubes/model-rows.ts';
import { nameOf, RETENTION } from './code-names.ts';
import { type ArchiveItemRecord, models } from './models.ts';
import { isOpen, noSecretOn } from './opening.ts';

export const OPEN = 'OPEN';

/** 馆藏档案. State secrets stand outside data sharing: they are in no count. */
export const ARCHIVE_ITEMS: CubeDefinition = {
  name: 'archives',
  title: '馆藏档案',
  unit: '件',
  definition: '综合档案馆馆藏的件级档案，不含保密期限未满的国家秘密；是否开放按统计日计算',
  dimensions: [
    { name: 'RETENTION', values: Object.values(RETENTION) },
    { name: 'OPEN', values: [OPEN, 'CLOSED'] },
  ],
  tables: [
    { by: [], levels: ['PREFECTURE', 'COUNTY'], every: 'MONTH' },
    { by: ['RETENTION'], levels: ['PREFECTURE', 'COUNTY'], every: 'MONTH' },
    { by: ['OPEN'], levels: ['PREFECTURE', 'COUNTY'], every: 'MONTH' },
  ],
  rows: modelRows<ArchiveItemRecord>({
    model: (connection) => models(connection).archiveItems,
    filter: (asOf) => noSecretOn('formedOn', asOf),
    fields: ['retention', 'formedOn', 'secrecy'],
    row: (item, asOf) => ({ values: [nameOf(RETENTION, item.retention), isOpen(item, asOf) ? OPEN : 'CLOSED'] }),
  }),
};
