/** A number derived from totals of several departments, or the reason why there is none. */
export interface DerivedIndicator {
  readonly value: number | null;
  readonly unit: string;
  readonly definition: string;
  readonly missing: readonly string[];
}

/** A division as at a period, with what `@requires` had the gateway fetch from the departments that count it. */
export interface Totals {
  readonly residents?: number | null;
  readonly residentsBefore?: number | null;
  readonly residentsAged60AndOver?: number | null;
  readonly enterprises?: number | null;
  readonly enterprisesBefore?: number | null;
  readonly parcelAreaSquareMetres?: number | null;
  readonly complaints?: number | null;
}

interface Ratio {
  readonly of: keyof Totals;
  readonly to: keyof Totals;
  readonly times: number;
  /** Growth: how much more than the divisor. */
  readonly less?: 1;
  readonly unit: string;
  readonly definition: string;
}

/**
 * All inputs are released numbers, protected for the audience that asks: a number derived from them tells nothing that they do
 * not, and one of which an input is suppressed is not told.
 */
const INDICATORS = {
  residentsPerEnterprise: {
    of: 'residents',
    to: 'enterprises',
    times: 1,
    unit: '人/户',
    definition: '户籍人口（公安）÷ 存续企业数（市场监管），均取同期统计发布数',
  },
  enterprisesPerTenThousandResidents: {
    of: 'enterprises',
    to: 'residents',
    times: 10_000,
    unit: '户/万人',
    definition: '存续企业数（市场监管）÷ 户籍人口（公安）× 10000，均取同期统计发布数',
  },
  parcelAreaPerResident: {
    of: 'parcelAreaSquareMetres',
    to: 'residents',
    times: 1,
    unit: '平方米/人',
    definition: '登记宗地面积合计（自然资源）÷ 户籍人口（公安），均取同期统计发布数',
  },
  parcelAreaPerEnterprise: {
    of: 'parcelAreaSquareMetres',
    to: 'enterprises',
    times: 1,
    unit: '平方米/户',
    definition: '登记宗地面积合计（自然资源）÷ 存续企业数（市场监管），均取同期统计发布数',
  },
  complaintsPerTenThousandResidents: {
    of: 'complaints',
    to: 'residents',
    times: 10_000,
    unit: '件/万人',
    definition: '热线诉求工单数（政务热线）÷ 户籍人口（公安）× 10000，均取同期统计发布数',
  },
  shareAged60AndOver: {
    of: 'residentsAged60AndOver',
    to: 'residents',
    times: 100,
    unit: '%',
    definition: '60岁及以上户籍人口 ÷ 户籍人口（公安）× 100，均取同期统计发布数',
  },
  residentsGrowth: {
    of: 'residents',
    to: 'residentsBefore',
    times: 100,
    less: 1,
    unit: '%',
    definition: '（本期户籍人口 ÷ 上期户籍人口 − 1）× 100，取两期统计发布数',
  },
  enterprisesGrowth: {
    of: 'enterprises',
    to: 'enterprisesBefore',
    times: 100,
    less: 1,
    unit: '%',
    definition: '（本期存续企业数 ÷ 上期存续企业数 − 1）× 100，取两期统计发布数',
  },
} as const satisfies Readonly<Record<string, Ratio>>;

export const divisionAt: Readonly<Record<string, (totals: Totals) => unknown>> = {
  __resolveReference: (stub) => stub,
  ...Object.fromEntries(
    Object.entries(INDICATORS).map(([name, each]) => [name, (totals: Totals) => ratio(totals, each)]),
  ),
};

/** Two decimals: the totals are registers' counts, not measurements. */
function ratio(totals: Totals, { of, to, times, less, unit, definition }: Ratio): DerivedIndicator {
  const [dividend, divisor] = [totals[of] ?? null, totals[to] ?? null];
  const missing = [of, to].filter((name) => (totals[name] ?? null) === null).map((name) => `DivisionAt.${name}`);
  const known = dividend !== null && divisor !== null && divisor !== 0;
  const value = known ? Math.round((dividend / divisor - (less ?? 0)) * times * 100) / 100 : null;
  return { value, unit, definition, missing };
}
