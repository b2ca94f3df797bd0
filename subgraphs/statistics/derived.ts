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
  readonly enterprises?: number | null;
  readonly parcelAreaSquareMetres?: number | null;
}

interface Ratio {
  readonly of: keyof Totals;
  readonly to: keyof Totals;
  readonly times: number;
  readonly unit: string;
  readonly definition: string;
}

export const divisionAt = {
  __resolveReference: (stub: Totals) => stub,

  residentsPerEnterprise: (totals: Totals) =>
    ratio(totals, {
      of: 'residents',
      to: 'enterprises',
      times: 1,
      unit: '人/户',
      definition: '户籍人口（公安）÷ 存续企业数（市场监管），均为登记现状',
    }),

  enterprisesPerTenThousandResidents: (totals: Totals) =>
    ratio(totals, {
      of: 'enterprises',
      to: 'residents',
      times: 10_000,
      unit: '户/万人',
      definition: '存续企业数（市场监管）÷ 户籍人口（公安）× 10000，均为登记现状',
    }),

  parcelAreaPerResident: (totals: Totals) =>
    ratio(totals, {
      of: 'parcelAreaSquareMetres',
      to: 'residents',
      times: 1,
      unit: '平方米/人',
      definition: '登记宗地面积合计（自然资源）÷ 户籍人口（公安），均为登记现状',
    }),
};

/** Two decimals: the totals are registers' counts, not measurements. */
function ratio(totals: Totals, { of, to, times, unit, definition }: Ratio): DerivedIndicator {
  const [dividend, divisor] = [totals[of] ?? null, totals[to] ?? null];
  const missing = [of, to].filter((name) => (totals[name] ?? null) === null).map((name) => `DivisionAt.${name}`);
  const known = dividend !== null && divisor !== null && divisor !== 0;
  const value = known ? Math.round(((dividend * times) / divisor) * 100) / 100 : null;
  return { value, unit, definition, missing };
}
