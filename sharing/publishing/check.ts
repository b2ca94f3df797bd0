import type { RoutedSubgraph } from '../../schema/compose.ts';
import type { PolicyChange } from '../../schema/policy-change.ts';
import { policyFromJson } from '../../schema/policy-json.ts';
import { EMPTY_POLICY } from '../../schema/policy-table.ts';
import type { Grant } from '../policy/grant.ts';
import { type Gain, gainsOf } from './gains.ts';
import { type Impact, impactsOf, type UsedOperation } from './judge.ts';
import type { Prepared, Unprepared } from './prepare.ts';
import { type ApartLimits, preparedApart } from './prepared-apart.ts';
import type { Release } from './release.ts';

/** What is asked of a check. */
export interface Checking {
  readonly subgraphs: readonly RoutedSubgraph[];
  /** Those in force. */
  readonly before: readonly RoutedSubgraph[];
  readonly candidate?: string | undefined;
  readonly inForce: Release | undefined;
  /** What was used lately, and what is granted: a change breaks what somebody relies on, and nothing else. */
  readonly operations: readonly UsedOperation[];
  readonly grants: readonly Grant[];
  readonly at: Date;
}

export type Outcome =
  /** It could not be published: it breaks a rule, or does not compose. */
  | 'REFUSED'
  /** Somebody uses what it changes. */
  | 'BREAKING'
  /** Somebody would see more than before: a second officer of each owner must approve. */
  | 'NEEDS_APPROVAL'
  | 'OK';

export interface Checked {
  readonly outcome: Outcome;
  readonly findings: Prepared['findings'];
  readonly problems: Unprepared['problems'];
  readonly changes: Prepared['changes'];
  readonly rights: Prepared['rights'];
  readonly gains: readonly Gain[];
  readonly impacts: readonly Impact[];
  /** What would be released; absent where it is refused. */
  readonly prepared?: Prepared | undefined;
}

/** Lints, composes, compares and judges; stores nothing. */
export async function check(checking: Checking, limits?: ApartLimits): Promise<Checked> {
  const { subgraphs, before, candidate, inForce, operations, grants, at } = checking;
  const prepared = await preparedApart(
    {
      subgraphs,
      before,
      candidate,
      inForce: inForce && { supergraph: inForce.supergraph, policy: inForce.policy, retired: inForce.retired },
      operations: operations.map(({ hash, text }) => ({ hash, text })),
    },
    limits,
  );
  const nothing = { changes: [], rights: [], gains: [], impacts: [] };
  if (!('supergraph' in prepared))
    return { outcome: 'REFUSED', ...prepared, findings: firstOf(prepared.findings), ...nothing };
  const { findings, changes } = prepared;
  const rights = [...prepared.rights, ...urlChanges(before, subgraphs)];
  const refused = findings.some(({ severity }) => severity === 'ERROR');
  const tables = {
    before: inForce ? policyFromJson(inForce.policy) : EMPTY_POLICY,
    after: policyFromJson(prepared.policy),
  };
  const gains = gainsOf(rights, tables, { grants, at: at.getTime() });
  const impacts = impactsOf({ ...prepared, rights }, { operations, grants });
  const outcome = refused
    ? 'REFUSED'
    : impacts.length > 0
      ? 'BREAKING'
      : rights.some(({ loosens }) => loosens)
        ? 'NEEDS_APPROVAL'
        : 'OK';
  return {
    outcome,
    findings: firstOf(findings),
    problems: [],
    changes,
    rights,
    gains,
    impacts,
    ...(!refused && { prepared }),
  };
}

/** Findings that are told; whoever mends these is told the rest. */
const MOST_FINDINGS = 500;

/** Errors first: what stands after the last that is told must not be what refuses it. */
function firstOf(findings: Prepared['findings']): Prepared['findings'] {
  if (findings.length <= MOST_FINDINGS) return findings;
  return [...findings]
    .sort((one, other) => Number(other.severity === 'ERROR') - Number(one.severity === 'ERROR'))
    .slice(0, MOST_FINDINGS);
}

/** Who answers for a subgraph sees everything that is asked of it, and says what it likes: that is for two to decide as well. */
function urlChanges(before: readonly RoutedSubgraph[], after: readonly RoutedSubgraph[]): readonly PolicyChange[] {
  return after.flatMap(({ name, owner, url }): PolicyChange[] => {
    const was = before.find((each) => each.name === name)?.url;
    if (was === undefined || was === url) return [];
    return [{ coordinate: name, owner, what: 'URL', before: was, after: url, loosens: true }];
  });
}
