import { lint } from '../../../schema/lint/lint.ts';
import type { Finding } from '../../../schema/lint/rule.ts';

/** SDL of subgraphs `a`, `b` … of departments `of-a`, `of-b` …, in this order. */
export function findingsOf(rule: string, ...sdls: readonly string[]): readonly Finding[] {
  const sources = sdls.map((sdl, index) => {
    const name = 'abcdef'.charAt(index);
    return { name, owner: `of-${name}`, sdl };
  });
  return lint(sources).filter((each) => each.rule === rule);
}

/** As `ERROR Person.name`, in the first subgraph alone where there are several. */
export function found(rule: string, ...sdls: readonly string[]): readonly string[] {
  return findingsOf(rule, ...sdls)
    .filter(({ subgraph }) => subgraph === 'a')
    .map(({ severity, coordinate }) => `${severity} ${coordinate}`);
}
