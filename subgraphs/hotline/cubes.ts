import type { CubeDefinition } from '../../lib/cubes/cube-definition.ts';
import { modelRows } from '../../lib/cubes/model-rows.ts';
import { type ComplaintRecord, models } from './models.ts';
import { topics } from './topics.ts';

/** Groups whose topics are about health, relief and insurance: that somebody called about them is sensitive. */
const SENSITIVE_GROUPS = ['03', '04'];

/** 诉求工单. */
export const COMPLAINTS: CubeDefinition = {
  name: 'complaints',
  title: '12345热线诉求工单',
  unit: '件',
  definition: '热线受理的诉求工单，含已撤销的；分类按一级目录，不在现行目录内的单列',
  dimensions: [
    {
      name: 'TOPIC',
      values: topics.filter(({ group }) => group === null).map(({ code }) => code),
      sensitive: SENSITIVE_GROUPS,
    },
    { name: 'KIND', values: ['CONSULTATION', 'HELP', 'GRIEVANCE', 'REPORT', 'SUGGESTION'] },
    { name: 'STATE', values: ['RECEIVED', 'ASSIGNED', 'CLOSED', 'WITHDRAWN'] },
  ],
  tables: [
    { by: [], levels: ['PREFECTURE', 'COUNTY', 'TOWNSHIP'], every: 'MONTH' },
    { by: ['TOPIC'], levels: ['PREFECTURE', 'COUNTY'], every: 'MONTH' },
    { by: ['KIND'], levels: ['PREFECTURE', 'COUNTY'], every: 'MONTH' },
    { by: ['STATE'], levels: ['PREFECTURE', 'COUNTY'], every: 'MONTH' },
  ],
  rows: modelRows<ComplaintRecord>({
    model: (connection) => models(connection).complaints,
    fields: ['division', 'topic', 'kind', 'state'],
    row: ({ division, topic, kind, state }) => ({ division, values: [topic.slice(0, 2), kind, state] }),
  }),
};
