import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';
import { HubError } from '../lib/errors.ts';
import { type Arguments, argumentsOf, directive, fieldSetCoordinates, strings } from './directives.ts';
import { fieldTypes, keyCoordinates, parsedSubgraph, type TypeOf } from './documents.ts';
import { inheritedFromInterfaceObjects } from './interface-objects.ts';
import {
  argumentCoordinate,
  type ItemPolicy,
  type Mask,
  type PolicyTable,
  type Reads,
  type ResourcePolicy,
  type SharingClass,
  type SubgraphSource,
  type UpdateCycle,
} from './policy-table.ts';

type FieldsNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode;

/** An item while it is not known yet who else has it. */
type DraftItem = ItemPolicy & {
  /** A key that has its class from its type alone: where another department has it too, it may be but the stub of that one's. */
  readonly maybeStub?: boolean;
};

interface Draft {
  readonly items: Map<string, DraftItem>;
  readonly reads: Map<string, Reads>;
  readonly resources: Map<string, ResourcePolicy>;
  readonly scopedBy: Map<string, string>;
  readonly subjects: Map<string, string>;
}

/**
 * Builds the policy table of a set of subgraphs. Where several subgraphs resolve one coordinate they must agree on its class
 * and mask: composition would keep one of two different `@sharing` silently.
 * @throws HubError POLICY_CONFLICT when two subgraphs classify a coordinate differently, or WITHHELD names no basis.
 */
export function readPolicy(subgraphs: readonly SubgraphSource[]): PolicyTable {
  const draft: Draft = {
    items: new Map(),
    reads: new Map(),
    resources: new Map(),
    scopedBy: new Map(),
    subjects: new Map(),
  };
  for (const subgraph of subgraphs) readSubgraph(subgraph, draft);
  const { items, reads } = inheritedFromInterfaceObjects(subgraphs, draft);
  for (const item of items) draft.items.set(item.coordinate, agreed(draft.items.get(item.coordinate), item));
  for (const [coordinate, read] of reads) draft.reads.set(coordinate, read);
  const settled = [...draft.items].map(([coordinate, { maybeStub: _stub, ...item }]) => [coordinate, item] as const);
  return { ...draft, items: new Map(settled) };
}

function readSubgraph(subgraph: SubgraphSource, draft: Draft): void {
  const { definitions } = parsedSubgraph(subgraph);
  const typeOf = fieldTypes(definitions);
  for (const node of definitions) {
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.OBJECT_TYPE_EXTENSION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        readType(node, { subgraph, draft, typeOf });
        break;
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      case Kind.INPUT_OBJECT_TYPE_EXTENSION:
        for (const field of node.fields ?? [])
          addReads(draft, `${node.name.value}.${field.name.value}`, field.directives ?? []);
        break;
      default:
    }
  }
}

interface Reading {
  readonly subgraph: SubgraphSource;
  readonly draft: Draft;
  readonly typeOf: TypeOf;
}

function readType(node: FieldsNode, reading: Reading): void {
  const { draft, subgraph } = reading;
  const type = node.name.value;
  const directives = node.directives ?? [];
  const resource = directive(directives, 'resource');
  if (resource)
    draft.resources.set(type, {
      type,
      subgraph: subgraph.name,
      code: String(resource['code']),
      title: String(resource['title']),
      updateCycle: resource['updateCycle'] as UpdateCycle,
    });
  const scope = directive(directives, 'scopedBy');
  if (scope) draft.scopedBy.set(type, String(scope['division']));
  if (directive(directives, 'personal')) draft.subjects.set(type, firstKey(directives, type));
  const byDefault = directive(directives, 'sharing');
  const keys = new Set(keyCoordinates(type, directives, reading.typeOf));
  for (const field of node.fields ?? []) readField(type, field, { ...reading, byDefault, keys });
}

interface ReadingFields extends Reading {
  readonly byDefault: Arguments | undefined;
  /** The coordinates of the type's keys. */
  readonly keys: ReadonlySet<string>;
}

function readField(type: string, field: FieldDefinitionNode, reading: ReadingFields): void {
  const { draft, subgraph, typeOf, byDefault, keys } = reading;
  const directives = field.directives ?? [];
  if (directive(directives, 'external')) return;
  const coordinate = `${type}.${field.name.value}`;
  const own = directive(directives, 'sharing');
  const sharing = own ?? byDefault;
  const requires = directive(directives, 'requires');
  const item: DraftItem = {
    ...(!own && byDefault && keys.has(coordinate) && { maybeStub: true }),
    coordinate,
    subgraph: subgraph.name,
    owner: subgraph.owner,
    class: sharing?.['class'] as SharingClass | undefined,
    basis: sharing?.['basis'] as string | undefined,
    mask: sharing?.['mask'] as Mask | undefined,
    personal: directive(directives, 'personal') !== undefined,
    requires: requires ? fieldSetCoordinates(type, String(requires['fields']), typeOf) : [],
    actors: actorsOf(directives),
  };
  if (item.class === 'WITHHELD' && !item.basis)
    throw new HubError(
      'POLICY_CONFLICT',
      `${coordinate} is WITHHELD: name its legal basis, @sharing(class: WITHHELD, basis: "…").`,
    );
  draft.items.set(coordinate, agreed(draft.items.get(coordinate), item));
  for (const argument of field.arguments ?? [])
    addReads(draft, argumentCoordinate(coordinate, argument.name.value), argument.directives ?? []);
}

/**
 * The stub of a key field in another subgraph says nothing of its class; two that do must say the same, and be of one owner
 * where it matters who that is. What any copy requires, all of them do: the planner may choose each.
 */
function agreed(known: DraftItem | undefined, item: DraftItem): DraftItem {
  if (!known) return item;
  const classified = known.class !== undefined && item.class !== undefined;
  if (classified && known.owner !== item.owner && known.maybeStub !== item.maybeStub)
    return known.maybeStub ? agreed(unclassified(known), item) : agreed(known, unclassified(item));
  const requires = [...new Set([...known.requires, ...item.requires])];
  const actors = known.actors ?? item.actors;
  if (item.class === undefined) return { ...known, requires, actors };
  if (known.class === undefined) return { ...item, requires, actors };
  if (known.class !== item.class || known.mask !== item.mask)
    throw new HubError(
      'POLICY_CONFLICT',
      `${item.coordinate} is ${known.class} in ${known.subgraph} and ${item.class} in ${item.subgraph}: its owners must agree on class and mask.`,
    );
  if (known.class !== 'UNCONDITIONAL' && known.owner !== item.owner)
    throw new HubError(
      'POLICY_CONFLICT',
      `${item.coordinate} is classified by ${known.owner} in ${known.subgraph} and by ${item.owner} in ${item.subgraph}: one department owns it. Leave the class out of the stub of its key.`,
    );
  return { ...known, requires, actors };
}

function unclassified({ maybeStub: _stub, ...item }: DraftItem): DraftItem {
  return { ...item, class: undefined, basis: undefined, mask: undefined };
}

function addReads(draft: Draft, coordinate: string, directives: readonly ConstDirectiveNode[]): void {
  const found = directive(directives, 'reads');
  if (!found) return;
  const reads: Reads = {
    items: strings(found['items']),
    use: (found['use'] as Reads['use'] | undefined) ?? 'FILTER',
  };
  const known = draft.reads.get(coordinate);
  const same =
    !known ||
    JSON.stringify([known.use, [...known.items].sort()]) === JSON.stringify([reads.use, [...reads.items].sort()]);
  if (!same)
    throw new HubError(
      'POLICY_CONFLICT',
      `${coordinate} reads ${known.items.join(', ')} (${known.use}) in one subgraph and ${reads.items.join(', ')} (${reads.use}) in another: say the same in both, or name one of the types otherwise.`,
    );
  draft.reads.set(coordinate, reads);
}

function actorsOf(directives: readonly ConstDirectiveNode[]): readonly string[] | undefined {
  const actor = directive(directives, 'actor');
  return actor ? strings(actor['roles']) : undefined;
}

function firstKey(directives: readonly ConstDirectiveNode[], type: string): string {
  const key = directives.find((node) => node.name.value === 'key');
  const fields = key ? String(argumentsOf(key)['fields']) : '';
  if (!/^\w+$/.test(fields))
    throw new HubError(
      'POLICY_CONFLICT',
      `${type} is @personal: give it a @key of one field, by which its data subjects are counted.`,
    );
  return fields;
}
