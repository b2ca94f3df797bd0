import type { Failure } from './answer.ts';
import type { Gap } from './figure.ts';

/** Who answers for a field of the operation, by its name in the answer. */
const DEPARTMENT_OF: Readonly<Record<string, string>> = {
  residents: 'public-security',
  bySex: 'public-security',
  byAge: 'public-security',
  pyramid: 'public-security',
  legalPersons: 'market-regulation',
  byIndustry: 'market-regulation',
  parcels: 'natural-resources',
  byLandUse: 'natural-resources',
  complaints: 'government-hotline',
  byTopic: 'government-hotline',
  byState: 'government-hotline',
  archives: 'archives-bureau',
  byRetention: 'archives-bureau',
  division: 'natural-resources',
};

const DEPARTMENT_OF_SUBGRAPH: Readonly<Record<string, string>> = {
  population: 'public-security',
  'legal-persons': 'market-regulation',
  geospatial: 'natural-resources',
  hotline: 'government-hotline',
  archives: 'archives-bureau',
  statistics: 'statistics-bureau',
};

const DOWN = new Set(['SUBGRAPH_UNAVAILABLE', 'SUBGRAPH_TIMEOUT', 'STORE_UNAVAILABLE']);

/** The department that answers for a field, by the field's name in the answer; series belong to statistics. */
export function departmentOf(field: string): string {
  return DEPARTMENT_OF[field] ?? 'statistics-bureau';
}

/** Why the value at a path is not there. Paths are without list indexes, as the hub's errors are. */
export function gapFinder(failures: readonly Failure[]): (path: readonly string[]) => Gap {
  const told = failures.map((failure) => ({
    path: (failure.path ?? []).filter((step) => typeof step === 'string'),
    failure,
  }));
  return (path) => {
    // The error nearest to the value tells most; one above it took the value away with it.
    const above = told
      .filter((one) => one.path.length <= path.length && one.path.every((step, index) => step === path[index]))
      .sort((left, right) => right.path.length - left.path.length);
    // What a derived number is made of may be refused below it.
    const [found] =
      above.length > 0 ? above : told.filter((one) => path.every((step, index) => step === one.path[index]));
    return found ? gapOf(found.failure, path.at(-1) ?? '') : { kind: 'NO_DATA' };
  };
}

function gapOf({ message, extensions }: Failure, field: string): Gap {
  const code = extensions?.code ?? '';
  const subgraph = extensions?.subgraph ?? '';
  const department = DEPARTMENT_OF_SUBGRAPH[subgraph] ?? departmentOf(field);
  if (DOWN.has(code)) return { kind: 'DOWN', department, code };
  if (code === 'SUBGRAPH_ERROR' || code === 'CANCELLED') return { kind: 'FAILED', department };
  if (code === 'NOT_SHARED')
    return {
      kind: 'NOT_SHARED',
      department: extensions?.owner ?? departmentOf(field),
      reason: extensions?.reason ?? code,
    };
  if (code === 'NO_RELEASE' || code === 'NOT_PUBLISHED') return { kind: 'NO_RELEASE', message };
  return code === 'PARTIAL_SCOPE' ? { kind: 'PARTIAL_SCOPE' } : { kind: 'REFUSED', message };
}

/** Departments that did not answer, each once. */
export function downDepartments(failures: readonly Failure[]): readonly string[] {
  const found = failures.flatMap((failure) => {
    const field = failure.path?.findLast((step) => typeof step === 'string') ?? '';
    const gap = gapOf(failure, field);
    return gap.kind === 'DOWN' ? [gap.department] : [];
  });
  return [...new Set(found)];
}
