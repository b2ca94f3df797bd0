import { levelOf } from './places.ts';
import type { Wish } from './query.ts';
import { isTotal, type Total } from './totals.ts';

/** What the address of a page asks for. */
export interface Address extends Wish {
  /** What the map shows. */
  readonly measure: Total;
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/**
 * Reads the query of an address; what is not understood counts as not said, as nothing of it is shown back.
 * @param home code of the division that is shown where none is named.
 */
export function readAddress(query: URLSearchParams, home: string): Address {
  const month = (name: string): string | undefined => {
    const value = query.get(name);
    return value !== null && MONTH.test(value) ? value : undefined;
  };
  const place = (name: string): string | undefined => {
    const value = query.get(name);
    return value !== null && levelOf(value) !== undefined ? value : undefined;
  };
  const division = place('division') ?? home;
  const beside = place('with');
  const [period, against, measure] = [month('period'), month('against'), query.get('measure')];
  return {
    division,
    measure: isTotal(measure) ? measure : 'people',
    ...(beside !== undefined && beside !== division && { beside }),
    ...(period !== undefined && { period }),
    ...(against !== undefined && against !== period && { against }),
  };
}

/** The address of a page; what does not change is kept. */
export function addressOf(address: Address, path = '/dashboard', extra: Readonly<Record<string, string>> = {}): string {
  const { division, beside, period, against, measure } = address;
  const query = new URLSearchParams({
    division,
    ...(beside !== undefined && { with: beside }),
    ...(period !== undefined && { period }),
    ...(against !== undefined && { against }),
    ...(measure !== 'people' && { measure }),
    ...extra,
  });
  return `${path}?${query.toString()}`;
}

/** The same page about another division: a comparison with it, or with itself, ends there. */
export function aboutOf(address: Address, division: string): string {
  const { beside, ...rest } = address;
  return addressOf({ ...rest, division, ...(beside !== undefined && beside !== division && { beside }) });
}
