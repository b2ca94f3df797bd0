import type { Texts } from '../language.ts';

interface Words {
  readonly title: string;
  readonly between: string;
  readonly pairs: string;
  readonly refusalRate: string;
  readonly unusedItems: string;
  readonly matrix: string;
  readonly matrixSaid: string;
  readonly corner: string;
  readonly own: string;
  readonly refusals: string;
  readonly refusalColumns: readonly string[];
  readonly answers: string;
  readonly answerColumns: readonly string[];
  readonly stale: string;
  readonly staleColumns: readonly string[];
  readonly dormant: string;
  readonly dormantColumns: readonly string[];
  said(days: number): string;
  dormantSaid(days: number): string;
  staleSaid(all: number, unknown: number): string;
  refusedTimes(times: number): string;
}

export const TEXTS: Texts<Words> = {
  'zh-CN': {
    title: '共享监督',
    between: '跨部门调用',
    pairs: '有共享往来的部门对',
    refusalRate: '含拒绝的调用占比',
    unusedItems: '无人使用的信息项',
    matrix: '部门之间的使用',
    matrixSaid: '行为使用部门，列为提供部门；颜色越重调用越多。整行或整列空白的部门是信息孤岛。',
    corner: '使用 \\ 提供',
    own: '本部门',
    refusals: '被拒最多的信息项',
    refusalColumns: ['信息项', '提供部门', '被拒次数', '被拒率', '原因'],
    answers: '各部门对共享申请的答复',
    answerColumns: ['提供部门', '待批复', '已同意', '已退回', '退回率', '平均用时（天）', '最早未复'],
    stale: '逾期未更新的信息资源',
    staleColumns: ['信息资源', '提供部门', '更新周期', '更新情况'],
    dormant: '沉睡的信息资源',
    dormantColumns: ['信息资源', '提供部门', '更新周期', '信息项数'],
    said: (days) => `根据最近 ${days} 天的留痕统计；只见用量，不见任何数据内容。`,
    dormantSaid: (days) => `最近 ${days} 天没有任何部门查询过其信息项。`,
    staleSaid: (all, unknown) => `共 ${all} 个信息资源，其中 ${unknown} 个更新时间不详。`,
    refusedTimes: (times) => `拒 ${times}`,
  },
  en: {
    title: 'Supervision',
    between: 'Calls between departments',
    pairs: 'Pairs of departments that share',
    refusalRate: 'Calls with a refusal',
    unusedItems: 'Items that nobody uses',
    matrix: 'Use between departments',
    matrixSaid:
      'Rows use, columns provide; the stronger the colour, the more calls. A department whose row or column is empty is an island.',
    corner: 'Uses \\ provides',
    own: 'own',
    refusals: 'Items refused most often',
    refusalColumns: ['Item', 'Owner', 'Refused', 'Share', 'Why'],
    answers: 'How departments answer requests',
    answerColumns: ['Owner', 'Pending', 'Approved', 'Refused', 'Share refused', 'Days on average', 'Waiting since'],
    stale: 'Resources that are overdue',
    staleColumns: ['Resource', 'Owner', 'Update cycle', 'Freshness'],
    dormant: 'Resources that lie idle',
    dormantColumns: ['Resource', 'Owner', 'Update cycle', 'Items'],
    said: (days) => `From the record of the last ${days} days: how much is used, and never what was seen.`,
    dormantSaid: (days) => `Nobody asked for any of their items in the last ${days} days.`,
    staleSaid: (all, unknown) => `Of ${all} resources; of ${unknown} it is not known when they were updated.`,
    refusedTimes: (times) => `${times} refused`,
  },
};
