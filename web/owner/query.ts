/** What the page of an owner asks, and what it is answered. */

export interface GrantItem {
  readonly coordinate: string;
  readonly uses: readonly string[];
}

export interface PendingRequest {
  readonly id: string;
  readonly owner: string;
  readonly department: string;
  readonly application: string;
  readonly officer: string;
  readonly purpose: string;
  readonly basis: string;
  readonly items: readonly GrantItem[];
  readonly divisions: readonly string[];
  readonly validFrom: string;
  readonly validUntil: string;
  readonly quota: { readonly rowsPerDay: number | null; readonly subjectsPerDay: number | null } | null;
  readonly requestedAt: string;
}

export interface Proposal {
  readonly id: string;
  readonly subgraph: string | null;
  readonly restores: number | null;
  readonly transferTo: string | null;
  readonly department: string;
  readonly officer: string;
  readonly message: string;
  readonly at: string;
  readonly owners: readonly string[];
  readonly approvedBy: readonly string[];
  readonly rights: readonly {
    readonly coordinate: string;
    readonly what: string;
    readonly before: string;
    readonly after: string;
    readonly loosens: boolean;
  }[];
  readonly gains: readonly { readonly who: string; readonly coordinate: string; readonly after: string }[];
}

export interface GivenGrant {
  readonly id: string;
  readonly owner: string;
  readonly department: string;
  readonly application: string;
  readonly purpose: string;
  readonly items: readonly { readonly coordinate: string }[];
  readonly validUntil: string;
  readonly state: string;
}

export interface Release {
  readonly number: number;
  readonly at: string;
  readonly kind: string;
  readonly department: string;
  readonly officer: string;
  readonly message: string;
  readonly subgraph: string | null;
  readonly inForce: boolean;
}

interface List<Node> {
  readonly totalCount: number;
  readonly edges: readonly { readonly node: Node }[];
}

export interface OwnerAnswer {
  readonly subgraphs: readonly { readonly name: string; readonly owner: string }[] | null;
  readonly requests: List<PendingRequest> | null;
  readonly proposals: List<Proposal> | null;
  readonly grants: List<GivenGrant> | null;
  readonly releases: List<Release> | null;
}

export const OWNER = `query Owner {
  subgraphs { name owner }
  requests(first: 100, state: PENDING) { totalCount edges { node {
    id owner department application officer purpose basis items { coordinate uses } divisions validFrom validUntil
    quota { rowsPerDay subjectsPerDay } requestedAt
  } } }
  proposals(first: 20, state: PENDING) { totalCount edges { node {
    id subgraph restores transferTo department officer message at owners approvedBy
    rights { coordinate what before after loosens } gains { who coordinate after }
  } } }
  grants(first: 200) { totalCount edges { node {
    id owner department application purpose items { coordinate } validUntil state
  } } }
  releases(first: 10) { totalCount edges { node { number at kind department officer message subgraph inForce } } }
}`;

/** What an officer of the owner decides; each names one thing by its id. */
export const DECISIONS = {
  approve: 'mutation Approve($id: ID!, $reason: String) { done: approve(request: $id, reason: $reason) { id } }',
  refuse: 'mutation Refuse($id: ID!, $reason: String!) { done: refuse(request: $id, reason: $reason) { id } }',
  approveProposal: 'mutation ApproveProposal($id: ID!) { done: approveProposal(proposal: $id) { id } }',
  refuseProposal:
    'mutation RefuseProposal($id: ID!, $reason: String!) { done: refuseProposal(proposal: $id, reason: $reason) { id } }',
  revoke: 'mutation Revoke($id: ID!, $reason: String!) { done: revoke(grant: $id, reason: $reason) { id } }',
} as const;

export function isDecision(text: string | null): text is keyof typeof DECISIONS {
  return text !== null && Object.hasOwn(DECISIONS, text);
}
