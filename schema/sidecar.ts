import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
} from 'graphql';
import { HubError, messageOf } from '../lib/errors.ts';
import { canonicalSdl } from './link-names.ts';
import { argumentCoordinate } from './policy-table.ts';
import { readSidecar, type Sidecar } from './read-sidecar.ts';

/**
 * Puts the classification of a service onto its SDL, for one whose schema says nothing of sharing and cannot be changed. What it
 * adds stands on the lines it belongs to, so that places in the SDL stay what they are.
 *
 * @param sdl as the service publishes it.
 * @param sidecar JSON: `{"coordinates": {"Account.phone": {class, basis, mask, personal, actors}}, "types": {"Account": {resource:
 * {code, title, updateCycle}, scopedBy, personal}}, "arguments": {"Query.accounts(division:)": {items, use}, "AccountFilter.name": …}}`.
 * @throws HubError BAD_SDL; LINKS_REFUSED for links of its own that the hub cannot take over; BAD_SIDECAR with a line for each entry
 * that is wrong: the entry, its value and what to write instead. An entry for what the SDL does not have is one, and so is a
 * directive that the SDL has already: neither is passed over.
 */
export function applySidecar(sdl: string, sidecar: string): string {
  const { entries, problems } = readSidecar(sidecar);
  const canonical = canonicalOf(sdl);
  const places = placesOf(canonical);
  const additions: Addition[] = [];
  for (const { at, directives } of additionsOf(entries, places, problems)) {
    const place = places.get(at);
    if (place === undefined) continue;
    for (const [name, text] of directives)
      if (place.directives.some((applied) => applied.name.value === name))
        problems.push(`${at}: the SDL says @${name} of it already. Leave it out here, or there.`);
      else additions.push({ end: place.end, text });
  }
  if (problems.length > 0)
    throw new HubError('BAD_SIDECAR', `The classification cannot be used:\n${problems.join('\n')}`, { problems });
  return inserted(canonical, additions);
}

/** Where directives of a type, field, argument or input field stand: behind the last of those it has. */
interface Place {
  readonly kind: 'TYPE' | 'FIELD' | 'SLOT';
  readonly end: number;
  readonly directives: readonly ConstDirectiveNode[];
}

interface Addition {
  readonly end: number;
  readonly text: string;
}

function placesOf(sdl: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const node of parse(sdl).definitions)
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.OBJECT_TYPE_EXTENSION:
        addType(places, node);
        addFields(places, node.name.value, node.fields);
        break;
      case Kind.INTERFACE_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_EXTENSION:
        addFields(places, node.name.value, node.fields);
        break;
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      case Kind.INPUT_OBJECT_TYPE_EXTENSION:
        for (const field of node.fields ?? [])
          places.set(`${node.name.value}.${field.name.value}`, placeOf('SLOT', field));
        break;
      default:
    }
  return places;
}

/** The SDL under the hub's names: it may link federation by itself, and call its directives otherwise. */
function canonicalOf(sdl: string): string {
  try {
    return canonicalSdl(sdl);
  } catch (thrown) {
    if (thrown instanceof HubError) throw thrown;
    throw new HubError('BAD_SDL', `The SDL cannot be read: ${messageOf(thrown)} Correct it first.`);
  }
}

/** Directives of a type go where it is defined; where it is only extended, on the first extension. */
function addType(places: Map<string, Place>, node: ObjectTypeDefinitionNode | ObjectTypeExtensionNode): void {
  const known = places.get(node.name.value);
  const before = [node.name, ...(node.interfaces ?? []), ...(node.directives ?? [])];
  const directives = [...(known?.directives ?? []), ...(node.directives ?? [])];
  const isBetter = known === undefined || node.kind === Kind.OBJECT_TYPE_DEFINITION;
  const end = isBetter ? Math.max(...before.map(({ loc }) => loc?.end ?? 0)) : known.end;
  places.set(node.name.value, { kind: 'TYPE', end, directives });
}

function addFields(places: Map<string, Place>, type: string, fields: readonly FieldDefinitionNode[] = []): void {
  for (const field of fields) {
    const coordinate = `${type}.${field.name.value}`;
    places.set(coordinate, placeOf('FIELD', field));
    for (const argument of field.arguments ?? [])
      places.set(argumentCoordinate(coordinate, argument.name.value), placeOf('SLOT', argument));
  }
}

function placeOf(kind: Place['kind'], node: FieldDefinitionNode | InputValueDefinitionNode): Place {
  return { kind, end: node.loc?.end ?? 0, directives: node.directives ?? [] };
}

interface Wanted {
  readonly at: string;
  /** Directives by name, as they are written. */
  readonly directives: readonly (readonly [name: string, text: string])[];
}

/** What the sidecar adds, entry by entry; entries of nothing that the SDL has are noted as problems. */
function additionsOf(
  { coordinates, types, arguments: slots }: Sidecar,
  places: ReadonlyMap<string, Place>,
  problems: string[],
): readonly Wanted[] {
  const wanted: Wanted[] = [];
  const add = (kind: Place['kind'], at: string, directives: Wanted['directives']): void => {
    const what = { TYPE: 'object type', FIELD: 'field', SLOT: 'argument or input field' }[kind];
    if (places.get(at)?.kind !== kind)
      problems.push(`${at}: the SDL has no such ${what}. Correct the name, or take the entry out.`);
    else wanted.push({ at, directives });
  };
  for (const [at, { class: shared, basis, mask, personal, actors }] of coordinates)
    add('FIELD', at, [
      [
        'sharing',
        `@sharing(class: ${shared}${basis ? `, basis: ${quoted(basis)}` : ''}${mask ? `, mask: ${mask}` : ''})`,
      ],
      ...(personal ? [['personal', '@personal'] as const] : []),
      ...(actors ? [['actor', `@actor(roles: [${actors.map(quoted).join(', ')}])`] as const] : []),
    ]);
  for (const [at, { resource, scopedBy, personal }] of types) {
    if (scopedBy !== undefined && places.get(at)?.kind === 'TYPE' && places.get(`${at}.${scopedBy}`)?.kind !== 'FIELD')
      problems.push(
        `${at}: scopedBy ${quoted(scopedBy)} is no field of it. Name the field that holds the division code.`,
      );
    add('TYPE', at, [
      ...(resource ? [['resource', resourceText(resource)] as const] : []),
      ...(scopedBy !== undefined ? [['scopedBy', `@scopedBy(division: ${quoted(scopedBy)})`] as const] : []),
      ...(personal ? [['personal', '@personal'] as const] : []),
    ]);
  }
  for (const [at, { items, use }] of slots) {
    for (const item of items)
      // Items of types that only others define cannot be looked up here.
      if (places.has(item.split('.')[0] ?? '') && places.get(item)?.kind !== 'FIELD')
        problems.push(
          `${at}: items ${quoted(item)} is no field that the SDL has. Name the field whose values it compares.`,
        );
    add('SLOT', at, [['reads', `@reads(items: [${items.map(quoted).join(', ')}]${use ? `, use: ${use}` : ''})`]]);
  }
  return wanted;
}

function resourceText({ code, title, updateCycle }: NonNullable<Sidecar['types'][number][1]['resource']>): string {
  return `@resource(code: ${quoted(code)}, title: ${quoted(title)}, updateCycle: ${updateCycle})`;
}

/** A string as GraphQL writes it; the escapes of JSON are those of GraphQL. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function inserted(sdl: string, additions: readonly Addition[]): string {
  let text = sdl;
  // From the end, so that the places before stay where they are; a later addition at one place goes behind the earlier.
  for (const { end, text: added } of additions.toReversed().sort((one, other) => other.end - one.end))
    text = `${text.slice(0, end)} ${added}${text.slice(end)}`;
  return text;
}
