import { hash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { isOverdue } from '../schema/freshness.ts';
import type { ResourcePolicy } from '../schema/policy-table.ts';
import { howToApply } from '../sharing/policy/how-to-apply.ts';
import { maskValue } from '../sharing/policy/mask.ts';
import type { Authorised } from './authorise.ts';
import { BROKEN, kept } from './promised.ts';
import {
  type AbstractShape,
  type FieldShape,
  type NestedShape,
  type ObjectShape,
  PROBE_KEY,
  type Refusal,
  type Shape,
  SUBJECT_KEY,
  TYPENAME_KEY,
} from './shape.ts';
import type { SubgraphFailure } from './subgraph-failure.ts';
import type { Charge, Trail } from './trail.ts';

type Json = Record<string, unknown>;

const MISSING = 'A subgraph answered without a value the schema promises.';

export interface AnswerOptions {
  readonly resources: ReadonlyMap<string, ResourcePolicy>;
  /** Key of the hashes by which data subjects are counted, as base64url. */
  readonly subjectKey: string;
  /** When resources were last brought up to date, by type; those nobody knows of are absent. */
  readonly freshness: ReadonlyMap<string, Date>;
}

export interface Answer {
  readonly data: Json | null;
  readonly errors?: readonly GraphQLError[];
  readonly extensions?: Json;
}

/** Shapes what was fetched by the caller's own document and says why each missing value is missing. */
export function answer(data: Json | null, authorised: Authorised, trail: Trail, options: AnswerOptions): Answer {
  const shaped = authorised.shape && data ? new Shaper(trail, options).root(authorised.shape, data) : null;
  const errors = [
    ...authorised.refusals.map((refusal) => refusalError(refusal, trail, options)),
    ...distinct(trail.failures, authorised.shape).map(failureError),
  ];
  const { grants, masked } = authorised;
  return {
    data: shaped,
    ...(errors.length > 0 && { errors }),
    extensions: {
      requestId: trail.requestId,
      sharing: { purpose: trail.caller.purpose ?? null, grants, masked },
      ...freshnessOf(trail, options),
    },
  };
}

/** How fresh the resources are of which rows are shown. */
function freshnessOf({ rows }: Trail, { resources, freshness }: AnswerOptions): Json {
  const shown = [...rows.keys()].sort().flatMap((type) => {
    const [resource, updatedAt] = [resources.get(type), freshness.get(type)];
    if (!resource || !updatedAt) return [];
    const { updateCycle } = resource;
    return [{ resource: type, updatedAt, updateCycle, overdue: isOverdue(updatedAt, updateCycle, Date.now()) }];
  });
  return shown.length > 0 ? { freshness: shown } : {};
}

/** Stands for a row that does not exist for the caller, until the answer is shaped around it. */
const ABSENT = Symbol('absent');

class Shaper {
  readonly #trail: Trail;
  readonly #options: AnswerOptions;
  /** Where in the answer the shaper is, list indexes left out. */
  readonly #path: string[] = [];

  constructor(trail: Trail, options: AnswerOptions) {
    this.#trail = trail;
    this.#options = options;
  }

  root(shape: ObjectShape, value: Json): Json | null {
    const shaped = this.#object(shape, value);
    return shaped === ABSENT ? null : shaped;
  }

  /**
   * ABSENT where the row is out of scope, or where a field that must not be null refers to such a row; null where another
   * promise of the schema is broken in it.
   */
  #object(shape: ObjectShape, value: Json): Json | typeof ABSENT | null {
    if (shape.probed && (value[PROBE_KEY] ?? null) === null) return ABSENT;
    const shaped: Json = {};
    for (const field of shape.fields) {
      if (field.kind === 'null' || field.kind === 'typename') {
        shaped[field.key] = field.kind === 'typename' ? field.name : null;
        continue;
      }
      const filled = this.#filled(field, value[field.fetched] ?? null);
      if (filled === ABSENT && field.promised?.self) return ABSENT;
      const completed = kept(filled === ABSENT ? null : filled, field.promised);
      if (completed === BROKEN) {
        this.#broken(field.key);
        return null;
      }
      shaped[field.key] = completed;
    }
    this.#count(shape, value);
    return shaped;
  }

  #filled(field: Exclude<FieldShape, { kind: 'null' | 'typename' }>, value: unknown): unknown {
    if (field.kind === 'nested') return this.#nested(field, value);
    this.#asked(field.asks);
    return field.kind === 'mask' ? maskValue(field.mask, value) : value;
  }

  #nested({ key, shape, asks }: NestedShape, value: unknown): unknown {
    const { charges } = this.#trail;
    const before = asks.map((grant) => charges.get(grant)?.rows);
    this.#path.push(key);
    const shaped = this.#value(shape, value);
    this.#path.pop();
    this.#asked(asks.filter((grant, index) => charges.get(grant)?.rows === before[index]));
    return shaped;
  }

  #value(shape: Shape, value: unknown): unknown {
    if (value === null || value === undefined) return null;
    // What was null stays null in its place; what is absent has none.
    if (Array.isArray(value)) return value.map((item) => this.#value(shape, item)).filter((item) => item !== ABSENT);
    const known = shape.kind === 'object' ? shape : ofType(shape, value as Json);
    return known ? this.#object(known, value as Json) : null;
  }

  /** Says that a promised value is missing, unless something is said of its place already. */
  #broken(key: string): void {
    const path = [...this.#path, key];
    const { failures } = this.#trail;
    if (failures.some((failure) => path.every((step, index) => (failure.path[index] ?? step) === step))) return;
    failures.push({ subgraph: '', code: 'SUBGRAPH_ERROR', message: MISSING, path });
  }

  #count({ type, charged }: ObjectShape, value: Json): void {
    const { rows, subjects } = this.#trail;
    if (this.#options.resources.has(type)) rows.set(type, (rows.get(type) ?? 0) + 1);
    for (const grant of charged) this.#charge(grant).rows += 1;
    const subject = value[SUBJECT_KEY];
    if (typeof subject !== 'string') return;
    const hashed = hashedSubject(this.#options.subjectKey, `${type}\0${subject}`);
    subjects.add(hashed);
    for (const grant of charged) this.#charge(grant).subjects.add(hashed);
  }

  /** Whoever asks by a grant learns something even where no row is found. */
  #asked(grants: readonly string[]): void {
    for (const grant of grants) this.#charge(grant).rows += 1;
  }

  #charge(grant: string): Charge {
    const { charges } = this.#trail;
    const charge = charges.get(grant) ?? { rows: 0, subjects: new Set() };
    charges.set(grant, charge);
    return charge;
  }
}

/**
 * SHA-512/256 shows half of its state, so that nobody can go on from a hash: a key before the text makes a MAC of it, at a third of
 * what an HMAC object costs, which is what counts where every row of an answer is hashed. 128 bits are kept.
 */
function hashedSubject(key: string, subject: string): string {
  return hash('sha512-256', key + subject, 'base64url').slice(0, 22);
}

function ofType(shape: AbstractShape, value: Json): ObjectShape | null {
  return shape.byType.get(String(value[TYPENAME_KEY])) ?? null;
}

/** The resource of exchange; where a supergraph has it, grants are asked for by its mutation. */
const REQUESTS = 'SharingRequest';

function refusalError(refusal: Refusal, trail: Trail, options: AnswerOptions): GraphQLError {
  const { coordinate, use, reason, owner, path } = refusal;
  return new GraphQLError(`${coordinate} is not shared with this caller for this use (${reason}).`, {
    path,
    extensions: {
      code: 'NOT_SHARED',
      coordinate,
      use,
      reason,
      owner: owner ?? null,
      howToApply: howToApply(refusal, trail.caller, { byMutation: options.resources.has(REQUESTS) }),
    },
  });
}

function failureError({ subgraph, code, message, path }: SubgraphFailure): GraphQLError {
  return new GraphQLError(message, { path, extensions: { code, ...(subgraph && { subgraph }) } });
}

/** One error per path and reason; a path that only the federation asked for is told at the field above it. */
function distinct(failures: readonly SubgraphFailure[], shape: ObjectShape | undefined): readonly SubgraphFailure[] {
  const found = new Map<string, SubgraphFailure>();
  const asked = failures.filter(({ path }) => isAsked(shape, path));
  const answered =
    asked.length > 0 ? asked : failures.map((failure) => ({ ...failure, path: failure.path.slice(0, -1) }));
  for (const failure of answered) found.set(JSON.stringify([failure.subgraph, failure.code, failure.path]), failure);
  return [...found.values()];
}

function isAsked(shape: Shape | null | undefined, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  if (!shape) return false;
  if (shape.kind === 'abstract') return [...shape.byType.values()].some((possible) => isAsked(possible, path));
  const field = shape.fields.find((candidate) => candidate.key === key);
  if (!field || field.kind === 'null') return false;
  return field.kind === 'nested' ? isAsked(field.shape, rest) : rest.length === 0;
}
