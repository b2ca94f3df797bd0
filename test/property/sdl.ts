import type { AbstractType, Argument, Item, ObjectType, Sharing, Subgraph, World } from './world.ts';

/** The schema as callers know it: one, without federation, without what is hidden. */
export function wholeSdl(world: World): string {
  return [
    'scalar Geo',
    ...[...world.inputs.values()].map(({ name, fields }) => `input ${name} { ${fields.map(argument).join(' ')} }`),
    ...[...world.abstracts.values()].map(abstract),
    ...[...world.types.values()].map(
      (type) =>
        `type ${type.name}${implementing(type.interfaces)} { ${type.items.map((item) => fieldText(item)).join(' ')} }`,
    ),
  ].join('\n');
}

/** What a department publishes: its own items, stubs of what it refers to, and how all of it is shared. */
export function subgraphSdl(world: World, subgraph: Subgraph): string {
  const abstracts = [...world.abstracts.values()].filter((each) => each.subgraph === subgraph);
  const types = [...world.types.values()].filter((type) => isIn(world, type, subgraph));
  return [
    'scalar Geo',
    ...[...world.inputs.values()]
      .filter((input) => input.subgraph === subgraph)
      .map(
        ({ name, fields }) =>
          `input ${name} {\n${fields.map((each) => `  ${argument(each)}${readsText(each)}\n`).join('')}}`,
      ),
    ...abstracts.map(abstract),
    ...types.map((type) => objectText(type, subgraph, abstracts)),
  ].join('\n');
}

/** Whether a subgraph has a type: keeps or extends it, or refers to it. */
function isIn(world: World, type: ObjectType, subgraph: Subgraph): boolean {
  if (type.items.some((item) => item.subgraph === subgraph)) return true;
  if (type.name === 'Query') return false;
  if (type.keeper === subgraph) return true;
  const refers = [...world.types.values()].some(({ items }) =>
    items.some((item) => item.subgraph === subgraph && item.output === type.name),
  );
  return (
    refers ||
    [...world.abstracts.values()].some((each) => each.subgraph === subgraph && each.members.includes(type.name))
  );
}

function objectText(type: ObjectType, subgraph: Subgraph, abstracts: readonly AbstractType[]): string {
  const keeps = type.keeper === subgraph;
  const items = type.items.filter((item) => item.subgraph === subgraph);
  const external = type.items.filter(({ name }) => items.some(({ requires }) => requires.includes(name)));
  const sharing = type.typeSharing.get(subgraph.name);
  const head = [
    `type ${type.name}${implementing(abstracts.filter(({ name }) => type.interfaces.includes(name)).map(({ name }) => name))}`,
    type.keyField && `@key(fields: "${type.keyField}")`,
    keeps && type.scoped && '@scopedBy(division: "division")',
    keeps && type.personal && '@personal',
    keeps && type.resource && `@resource(code: "${type.name}", title: "资源", updateCycle: DAILY)`,
    sharing && sharingText(sharing),
  ];
  const lines = [
    // A key of its own class: that of the type would meet those of other subgraphs.
    type.keyField === 'ref' && `ref: ID! @inaccessible${keeps ? ' @sharing(class: CONDITIONAL)' : ''}`,
    type.keyField === 'id' && !keeps && 'id: ID!',
    keeps && type.scoped && 'inScope: Boolean @inaccessible',
    ...external.map((item) => `${fieldText(item)} @external`),
    ...items.map((item) => published(item)),
  ];
  return `${head.filter(Boolean).join(' ')} {\n${lines
    .filter(Boolean)
    .map((line) => `  ${String(line)}\n`)
    .join('')}}`;
}

function published(item: Item): string {
  const requires = item.requires.length > 0 ? ` @requires(fields: "${item.requires.join(' ')}")` : '';
  const sharing = item.ownSharing && item.sharing ? ` ${sharingText(item.sharing)}` : '';
  return `${fieldText(item, readsText)}${requires}${sharing}`;
}

function fieldText(item: Item, reads: (argument: Argument) => string = () => ''): string {
  const args = item.args.map((each) => `${argument(each)}${reads(each)}`).join(', ');
  return `${item.name}${args === '' ? '' : `(${args})`}: ${typeText(item)}`;
}

export function typeText({ output, list, nonNull, itemNonNull }: Item): string {
  const inner = list ? `[${output}${itemNonNull ? '!' : ''}]` : output;
  return `${inner}${nonNull ? '!' : ''}`;
}

function argument({ name, type, byDefault }: Argument): string {
  return `${name}: ${type}${byDefault === undefined ? '' : ` = ${byDefault}`}`;
}

function readsText({ reads }: Argument): string {
  if (!reads) return '';
  return ` @reads(items: [${reads.items.map((item) => JSON.stringify(item)).join(', ')}], use: ${reads.use})`;
}

function sharingText({ class: given, mask }: Sharing): string {
  return `@sharing(class: ${given}${given === 'WITHHELD' ? ', basis: "档案法"' : ''}${mask ? `, mask: ${mask}` : ''})`;
}

function abstract({ kind, name, members, field }: AbstractType): string {
  return kind === 'union' ? `union ${name} = ${members.join(' | ')}` : `interface ${name} { ${field ?? ''}: String }`;
}

function implementing(names: readonly string[]): string {
  return names.length === 0 ? '' : ` implements ${names.join(' & ')}`;
}
