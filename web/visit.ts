import type { Content } from './html.ts';
import type { Language } from './language.ts';
import type { SignedIn, Theme } from './layout.ts';

/** An error of an answer, as the endpoint sends it. */
export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** What the endpoint answers; `data` may be partial, and then `errors` says what is missing and why. */
export interface Answered<Data> {
  /** HTTP status of the endpoint. */
  readonly status: number;
  readonly data?: Data | null | undefined;
  readonly errors: readonly AnsweredError[];
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** One look at a page: by whom, in which language, and how it asks. */
export interface Visit {
  readonly language: Language;
  readonly theme: Theme;
  /** Path and query, such as /catalogue?search=户籍. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Origin by which the browser knows the hub. */
  readonly origin: string;
  /** Who is signed in. */
  readonly caller?: SignedIn | undefined;
  /** What a form of this session must carry as `csrf`. */
  readonly csrf?: string | undefined;
  /** Asks /graphql with the visitor's token; @throws PageProblem where it gives no answer at all. */
  ask<Data>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Answered<Data>>;
}

/** What a page comes to. */
export type Shown =
  | {
      readonly kind: 'page';
      readonly title: string;
      readonly main: Content;
      /** 200 where absent. */
      readonly status?: number | undefined;
      /** Files under /assets beside those of the layout. */
      readonly styles?: readonly string[] | undefined;
      readonly scripts?: readonly string[] | undefined;
    }
  | {
      readonly kind: 'file';
      /** Name under which it is saved. */
      readonly name: string;
      /** Media type with its charset. */
      readonly type: string;
      readonly body: string;
    }
  /** @property to a path of this host. */
  | { readonly kind: 'redirect'; readonly to: string };

/** A page of the hub. Without a session, a page that is not `open` answers that one has to sign in. */
export interface Page {
  readonly path: string;
  readonly open?: boolean | undefined;
  show(visit: Visit): Promise<Shown>;
  /** A form that was sent to the page, its origin and its token checked. */
  readonly act?: ((visit: Visit, form: Form) => Promise<Shown>) | undefined;
}

/** The fields of a form in their order; a name may come several times. */
export type Form = URLSearchParams;

/** Why a page cannot be shown; each has a page that says what to do. */
export type ProblemKind =
  | 'SIGNED_OUT'
  | 'EXPIRED'
  | 'NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'DOWN'
  | 'BUSY'
  | 'FORGED'
  | 'SIGN_IN_FAILED'
  | 'NO_SIGN_IN'
  | 'FAILED';

export class PageProblem extends Error {
  readonly kind: ProblemKind;
  /** A sentence of the endpoint, which may be shown. */
  readonly detail: string | undefined;

  constructor(kind: ProblemKind, detail?: string, options?: ErrorOptions) {
    super(`the page cannot be shown: ${kind}`, options);
    this.name = 'PageProblem';
    this.kind = kind;
    this.detail = detail;
  }
}
