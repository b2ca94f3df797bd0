import { catalogued } from './catalogued.ts';
import { classified } from './classified.ts';
import type { Contract, LintSource } from './contract.ts';
import { described } from './described.ts';
import { directiveArguments } from './directive-arguments.ts';
import { gatherContract } from './gather-contract.ts';
import { interfaceStrictness } from './interface-strictness.ts';
import { knownDirectives } from './known-directives.ts';
import { lintedSubgraph } from './linted-subgraph.ts';
import { maskCombination } from './mask-combination.ts';
import { maskFits } from './mask-fits.ts';
import { nationalCodes } from './national-codes.ts';
import { nullableWhenRefused } from './nullable-when-refused.ts';
import { ownLinks } from './own-links.ts';
import { parses } from './parses.ts';
import { personalKey } from './personal-key.ts';
import { personalNames } from './personal-names.ts';
import { publishable } from './publishable.ts';
import { readItems } from './read-items.ts';
import { requires } from './requires.ts';
import { rootTypes } from './root-types.ts';
import { rowScoped } from './row-scoped.ts';
import type { Finding, Rule } from './rule.ts';
import { undeclaredFilter } from './undeclared-filter.ts';
import { unequalClasses } from './unequal-classes.ts';
import { unit } from './unit.ts';
import { withheldNamesBasis } from './withheld-names-basis.ts';

/** In the order in which an owner has to think of them. */
export const RULES: readonly Rule[] = [
  parses,
  ownLinks,
  rootTypes,
  knownDirectives,
  directiveArguments,
  described,
  classified,
  unequalClasses,
  withheldNamesBasis,
  personalNames,
  personalKey,
  maskFits,
  maskCombination,
  interfaceStrictness,
  requires,
  undeclaredFilter,
  readItems,
  rowScoped,
  nullableWhenRefused,
  nationalCodes,
  unit,
  catalogued,
  publishable,
];

/**
 * What is wrong with the schemas of subgraphs, each by itself and all together, as far as rules can tell: subgraph by subgraph,
 * line by line. SDL that cannot be read is a finding like others.
 */
export function lint(sources: readonly LintSource[]): readonly Finding[] {
  const contract = gatherContract(sources.map(lintedSubgraph));
  const found = findings(
    RULES.filter((rule) => rule !== publishable),
    contract,
  );
  // What the hub would refuse says nothing new where another rule has found the error.
  const known = found.some(({ severity }) => severity === 'ERROR');
  return known ? found : [...found, ...findings([publishable], contract)];
}

function findings(rules: readonly Rule[], contract: Contract): readonly Finding[] {
  return contract.subgraphs.flatMap((subgraph) =>
    rules
      .flatMap((rule) =>
        rule
          .check(subgraph, contract)
          .map((found): Finding => ({ rule: rule.name, subgraph: subgraph.name, ...found })),
      )
      .sort((one, other) => one.line - other.line),
  );
}
