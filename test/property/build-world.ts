import { chosen, type Draft, type DraftWorld, item, own, sharingOf } from './draft.ts';
import { EXCLUDED } from './excluded.ts';
import { poolNamed, POOLS } from './pools.ts';
import { fillTables } from './rows.ts';
import type { AbstractRecipe, EntityRecipe, FieldRecipe, PartRecipe, SharingRecipe, WorldRecipe } from './recipes.ts';
import { RootBuilder } from './build-roots.ts';
import type { Argument, ObjectType, Subgraph, World } from './world.ts';

/** Reads a recipe as a world; whatever it says, the subgraphs printed from the world compose. */
export function buildWorld(recipe: WorldRecipe): World {
  const subgraphs = recipe.owners.map((owner, index): Subgraph => ({ name: `s${index}`, owner: `d${owner}` }));
  const world: DraftWorld = { subgraphs, types: new Map(), abstracts: new Map(), inputs: new Map() };
  const [first] = subgraphs;
  if (!first) throw new Error('a world has a subgraph');
  const keeperOf = ({ subgraph }: { subgraph: number }): Subgraph => chosen(subgraphs, subgraph) ?? first;
  const query = draft('Query', first, {});
  recipe.entities.forEach((entity, index) => {
    const type = draft(`E${index}`, keeperOf(entity), {
      keyField: entity.publicKey ? 'id' : 'ref',
      scoped: entity.scoped,
      personal: entity.personal,
      resource: entity.resource,
    });
    world.types.set(type.name, type);
  });
  recipe.values.forEach((value, index) => world.types.set(`V${index}`, draft(`V${index}`, keeperOf(value), {})));
  recipe.abstracts.forEach((each, index) => addAbstract(world, each, { index, subgraph: keeperOf(each) }));
  recipe.values.forEach((value, index) => addPart(world, `V${index}`, value));
  recipe.entities.forEach((entity, index) => addEntity(world, `E${index}`, entity));
  recipe.abstracts.forEach((each, index) => addInterfaceField(world, `A${index}`, each));
  world.types.set('Query', query);
  const roots = new RootBuilder(world, query);
  recipe.entities.forEach((entity, index) => roots.addRows(`E${index}`, entity));
  recipe.roots.forEach((root, index) => addField(world, query, root, { subgraph: keeperOf(root), name: `r${index}` }));
  if (EXCLUDED.requiresOfRequired) for (const type of world.types.values()) dropRequiresOfRequired(world, type);
  return { ...world, tables: fillTables(world, recipe) };
}

function draft(
  name: string,
  keeper: Subgraph,
  {
    keyField,
    scoped = false,
    personal = false,
    resource = false,
  }: Partial<Pick<ObjectType, 'keyField' | 'scoped' | 'personal' | 'resource'>>,
): Draft {
  return { name, keeper, keyField, scoped, personal, resource, items: [], interfaces: [], typeSharing: new Map() };
}

function addEntity(world: DraftWorld, name: string, recipe: EntityRecipe): void {
  const type = world.types.get(name);
  if (!type) return;
  setTypeSharing(type, type.keeper, recipe.typeSharing);
  if (recipe.publicKey)
    type.items.push({
      ...item(type, 'id', type.keeper),
      output: 'ID',
      nonNull: true,
      pool: 'code',
      behaviour: { kind: 'key' },
      ...own(recipe.keySharing, 'code'),
    });
  if (recipe.scoped)
    type.items.push({
      ...item(type, 'division', type.keeper),
      pool: 'division',
      ...classified(type, type.keeper, recipe.divisionSharing, 'division'),
    });
  if (recipe.registered)
    for (const pool of ['number', 'date'])
      type.items.push({ ...item(type, pool, type.keeper), pool, ...own('MASKED', pool) });
  addPart(world, name, recipe);
  const others = world.subgraphs.filter((subgraph) => subgraph !== type.keeper);
  const extending = new Set<Subgraph>();
  for (const extension of recipe.extensions) {
    const subgraph = chosen(others, extension.subgraph);
    if (!subgraph || extending.has(subgraph)) continue;
    // Type-level classes of two subgraphs would both fall on the stub of the key, and be refused unless they are the same.
    if (extending.size === 0 && subgraph.owner !== type.keeper.owner)
      setTypeSharing(type, subgraph, extension.typeSharing);
    extending.add(subgraph);
    for (const field of extension.fields) addField(world, type, field, { subgraph });
  }
}

function addPart(world: DraftWorld, name: string, part: PartRecipe): void {
  const type = world.types.get(name);
  if (!type) return;
  setTypeSharing(type, type.keeper, part.typeSharing);
  for (const field of part.fields) addField(world, type, field, { subgraph: type.keeper });
}

function setTypeSharing(type: Draft, subgraph: Subgraph, recipe: SharingRecipe): void {
  const sharing = sharingOf(recipe, 'code');
  if (sharing) type.typeSharing.set(subgraph.name, sharing);
}

/** By its own class, or by that of its type in this subgraph. */
function classified(type: Draft, subgraph: Subgraph, recipe: SharingRecipe, pool: string) {
  const given = own(recipe, pool);
  return given.ownSharing ? given : { sharing: type.typeSharing.get(subgraph.name), ownSharing: false };
}

function addField(
  world: DraftWorld,
  type: Draft,
  recipe: FieldRecipe,
  {
    subgraph,
    name = `f${type.items.filter((known) => /^f\d/.test(known.name)).length}`,
  }: { subgraph: Subgraph; name?: string },
): void {
  const bare = { ...item(type, name, subgraph), list: recipe.list };
  const target = targetOf(world, recipe, subgraph);
  if (target !== undefined) {
    const hidden = scopedWithin(world, target);
    type.items.push({
      ...bare,
      ...classified(type, subgraph, recipe.sharing, 'none'),
      output: target,
      composite: true,
      // Rows may be hidden: what refers to them may be null.
      nonNull: recipe.nonNull && (recipe.list || !hidden),
      itemNonNull: recipe.itemNonNull && !hidden,
    });
    return;
  }
  const requires = recipe.kind === 'derived' ? requiredOf(type, recipe, subgraph) : [];
  const pool = requires.length > 0 ? poolNamed('code') : (chosen(POOLS, recipe.pick) ?? poolNamed('name'));
  const sharing = classified(type, subgraph, recipe.sharing, pool.name);
  const promised = requires.length === 0;
  type.items.push({
    ...bare,
    ...sharing,
    list: recipe.list && requires.length === 0,
    nonNull: recipe.nonNull && promised,
    itemNonNull: recipe.itemNonNull && promised,
    output: pool.scalar,
    pool: pool.name,
    requires,
    args: requires.length === 0 && !recipe.list ? styleArguments(type, recipe, subgraph, pool.scalar) : [],
  });
}

function targetOf(world: DraftWorld, { kind, pick }: FieldRecipe, subgraph: Subgraph): string | undefined {
  const entities = [...world.types.values()].filter(({ keyField }) => keyField !== undefined);
  const values = [...world.types.values()].filter(({ name, keeper }) => name.startsWith('V') && keeper === subgraph);
  const abstracts = [...world.abstracts.values()].filter((each) => each.subgraph === subgraph);
  if (kind === 'value') return chosen(values, pick)?.name;
  if (kind === 'abstract') return (chosen(abstracts, pick) ?? chosen(entities, pick))?.name;
  return kind === 'entity' ? chosen(entities, pick)?.name : undefined;
}

function scopedWithin(world: DraftWorld, name: string): boolean {
  return (world.abstracts.get(name)?.members ?? [name]).some((member) => world.types.get(member)?.scoped);
}

/** Plain items of the same type that other subgraphs have; those known so far, so that no two require each other. */
function requiredOf(type: Draft, { requires }: FieldRecipe, subgraph: Subgraph): string[] {
  const others = type.items.filter(
    (each) =>
      type.keyField !== undefined &&
      each.subgraph !== subgraph &&
      !each.composite &&
      each.args.length === 0 &&
      each.behaviour.kind === 'cell',
  );
  return [...new Set(requires.flatMap((pick) => chosen(others, pick)?.name ?? []))];
}

/** Leaves out what is itself computed by a subgraph in which a query may come to the row. */
function dropRequiresOfRequired(world: DraftWorld, type: Draft): void {
  const outputs = [
    type.name,
    ...[...world.abstracts.values()].flatMap(({ name, members }) => (members.includes(type.name) ? [name] : [])),
  ];
  const items = [...world.types.values()].flatMap((each) => each.items);
  const isReachedIn = (subgraph: Subgraph): boolean =>
    items.some((each) => each.subgraph === subgraph && outputs.includes(each.output));
  const kept = (name: string): boolean => {
    const required = type.items.find((each) => each.name === name);
    return !required || required.requires.length === 0 || !isReachedIn(required.subgraph);
  };
  type.items.forEach((each, index) => {
    type.items[index] = { ...each, requires: each.requires.filter(kept) };
  });
}

/** An argument that changes how a text is written, and reads another item for it. */
function styleArguments(type: Draft, { argument, pick }: FieldRecipe, subgraph: Subgraph, scalar: string): Argument[] {
  const read = chosen(
    type.items.filter((each) => each.subgraph === subgraph && !each.composite),
    pick,
  );
  if (argument === 0 || scalar !== 'String' || !read) return [];
  const reads = { items: [read.coordinate], use: 'FILTER' } as const;
  return [{ name: 'style', type: 'String', reads, byDefault: argument === 3 ? '"plain"' : undefined }];
}

function addAbstract(
  world: DraftWorld,
  recipe: AbstractRecipe,
  { index, subgraph }: { index: number; subgraph: Subgraph },
): void {
  const able = [...world.types.values()].filter(
    ({ keyField, keeper }) => keyField !== undefined || keeper === subgraph,
  );
  // By name, as a supergraph lists them: where one of them refuses all, nothing is said of those that come after.
  const members = [...new Set(recipe.members.flatMap((pick) => chosen(able, pick)?.name ?? []))].sort();
  if (members.length < 2) return;
  const name = `A${index}`;
  const field = recipe.kind === 'interface' ? `tag${index}` : undefined;
  world.abstracts.set(name, { kind: recipe.kind, name, subgraph, members, field });
  if (field !== undefined) for (const member of members) world.types.get(member)?.interfaces.push(name);
}

function addInterfaceField(world: DraftWorld, name: string, recipe: AbstractRecipe): void {
  const { field, members = [], subgraph } = world.abstracts.get(name) ?? {};
  if (field === undefined || !subgraph) return;
  members.forEach((member, index) => {
    const type = world.types.get(member);
    if (!type) return;
    const sharing = classified(type, subgraph, recipe.sharing[index] ?? 'UNCONDITIONAL', 'name');
    type.items.push({ ...item(type, field, subgraph), ...sharing });
  });
}
