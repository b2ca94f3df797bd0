import {
  assertValidSchema,
  buildASTSchema,
  type DocumentNode,
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  GraphQLSchema,
  isAbstractType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  parse,
  printSchema,
  visit,
} from 'graphql';
import { HubError } from '../lib/errors.ts';
import { argumentCoordinate, type PolicyTable } from './policy-table.ts';

/**
 * Resources that hold no single person, enterprise, parcel, document or act of a department, by type and catalogue code. Every
 * other resource is taken for rows, so that a new one stays closed until the data bureau has put it here: an owner must not be
 * able to open its rows to the public by what it says of itself.
 */
const REFERENCE: ReadonlyMap<string, string> = new Map([
  ['Division', '312001/000001'],
  ['Indicator', '320001/000001'],
  ['Observation', '320001/000002'],
  ['Law', '325001/000003'],
]);

/** Whether the values of a type are single rows, such as persons, parcels or grants. */
export function isRowType({ scopedBy, subjects, resources }: PolicyTable, type: string): boolean {
  if (scopedBy.has(type) || subjects.has(type)) return true;
  const resource = resources.get(type);
  return resource !== undefined && REFERENCE.get(type) !== resource.code;
}

/** Whether an item is of a row, or tells of a person wherever it stands. */
export function isItemOfRow(table: PolicyTable, coordinate: string): boolean {
  const [type = ''] = coordinate.split('.');
  return isRowType(table, type) || table.items.get(coordinate)?.personal === true;
}

/**
 * What is left of an API schema for audiences of aggregates: questions that begin at a reference resource, and from there no row
 * type, nothing that holds, returns, filters by or is computed from one; no mutation, and nothing that only these lead to. What
 * is gone is as if it had never been there.
 * @returns undefined where no query is left.
 */
export function aggregateSchema(schema: GraphQLSchema, table: PolicyTable): GraphQLSchema | undefined {
  const gone = goneFrom(schema, table);
  const query = schema.getQueryType();
  if (!query || gone.has(query.name)) return undefined;
  const document = without(parse(printSchema(schema), { noLocation: true }), gone);
  // What was printed is valid SDL; whether it still is a schema is checked below.
  const left = reachable(buildASTSchema(document, { assumeValidSDL: true }));
  assertValidSchema(left);
  return left;
}

/** For a caller of whose schema nothing is left. */
export function nothingServed(): HubError {
  return new HubError(
    'NOT_SERVED',
    'There is nothing here for a token with the role leader or public: use one without that role.',
    { http: { status: 403 } },
  );
}

/** Coordinates of types, fields, arguments and input fields that are removed; found in rounds, as each can take others along. */
function goneFrom(schema: GraphQLSchema, table: PolicyTable): ReadonlySet<string> {
  const actions = [schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) => type?.name ?? []);
  const gone = new Set([...rowTypes(schema, table), ...actions]);
  const removal = new Removal(schema, table, gone);
  let before: number;
  do {
    before = gone.size;
    for (const type of Object.values(schema.getTypeMap()))
      if (!type.name.startsWith('__') && !gone.has(type.name)) removal.inType(type);
  } while (gone.size > before);
  return gone;
}

/**
 * Row types, and what holds them. A page or a part that holds rows goes as a whole: the `totalCount` that is left of a page is a
 * live count by any filter. So does an interface or union that a row may stand for: a list of it would still be as long as
 * the rows that are hidden in it. The root and reference resources stay, and lose the field.
 */
function rowTypes(schema: GraphQLSchema, table: PolicyTable): ReadonlySet<string> {
  const types = Object.values(schema.getTypeMap());
  const rows = new Set(types.map(({ name }) => name).filter((name) => isRowType(table, name)));
  const holds = (type: GraphQLNamedType): boolean => {
    if (isAbstractType(type) && schema.getPossibleTypes(type).some(({ name }) => rows.has(name))) return true;
    if (!(isObjectType(type) || isInterfaceType(type))) return false;
    if (type === schema.getQueryType() || table.resources.has(type.name)) return false;
    return Object.values(type.getFields()).some((field) => rows.has(getNamedType(field.type).name));
  };
  let found: readonly GraphQLNamedType[];
  do {
    found = types.filter((type) => !rows.has(type.name) && holds(type));
    for (const { name } of found) rows.add(name);
  } while (found.length > 0);
  return rows;
}

type Input = GraphQLArgument | GraphQLInputField;

class Removal {
  readonly #schema: GraphQLSchema;
  readonly #table: PolicyTable;
  readonly #gone: Set<string>;

  constructor(schema: GraphQLSchema, table: PolicyTable, gone: Set<string>) {
    this.#schema = schema;
    this.#table = table;
    this.#gone = gone;
  }

  inType(type: GraphQLNamedType): void {
    if (isObjectType(type) || isInterfaceType(type)) {
      const same = [type, ...this.#implementers(type)].map(({ name }) => name);
      const fields = Object.values(type.getFields());
      const closed = (field: GraphQLField<unknown, unknown>): boolean =>
        type === this.#schema.getQueryType() && !isEntry(getNamedType(field.type), this.#table);
      for (const field of fields)
        if (closed(field) || this.#fieldGoes(field, same)) this.#gone.add(`${type.name}.${field.name}`);
      this.#unlessLeft(type, fields);
    } else if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      if (fields.filter((field) => this.#inputGoes([`${type.name}.${field.name}`], field)).some(isSet))
        this.#gone.add(type.name);
      this.#unlessLeft(type, fields);
    }
  }

  #unlessLeft(type: GraphQLNamedType, fields: readonly { readonly name: string }[]): void {
    if (fields.every(({ name }) => this.#gone.has(`${type.name}.${name}`))) this.#gone.add(type.name);
  }

  /** @param same the type itself and those that implement it: an interface has only what all of these still have. */
  #fieldGoes(field: GraphQLField<unknown, unknown>, same: readonly string[]): boolean {
    const coordinates = same.map((type) => `${type}.${field.name}`);
    const args = field.args.filter((argument) => {
      const inputs = coordinates.map((coordinate) => argumentCoordinate(coordinate, argument.name));
      return this.#inputGoes(inputs, argument);
    });
    return (
      args.some(isSet) ||
      field.args.some(({ type, defaultValue }) => this.#sets(type, defaultValue)) ||
      this.#gone.has(getNamedType(field.type).name) ||
      coordinates.some((coordinate) => this.#gone.has(coordinate) || this.#tells(coordinate))
    );
  }

  /** Whether an argument or input field goes, and notes it: the first of the coordinates is its own. */
  #inputGoes(coordinates: readonly string[], { type }: Input): boolean {
    const goes =
      this.#gone.has(getNamedType(type).name) ||
      coordinates.some((coordinate) => this.#gone.has(coordinate) || this.#reads(coordinate));
    if (goes && coordinates[0] !== undefined) this.#gone.add(coordinates[0]);
    return goes;
  }

  #reads(coordinate: string): boolean {
    return this.#table.reads.get(coordinate)?.items.some((item) => isItemOfRow(this.#table, item)) === true;
  }

  #tells(coordinate: string): boolean {
    const item = this.#table.items.get(coordinate);
    return [coordinate, ...(item?.requires ?? [])].some((each) => isItemOfRow(this.#table, each));
  }

  /** Whether a default gives a value to an input field that is gone: the subgraph would filter by it all the same. */
  #sets(type: GraphQLInputType, value: unknown): boolean {
    if (Array.isArray(value)) return value.some((each) => this.#sets(type, each));
    const named = getNamedType(type);
    if (!isInputObjectType(named) || typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some(([name, inner]) => {
      const field = named.getFields()[name];
      return this.#gone.has(`${named.name}.${name}`) || (field !== undefined && this.#sets(field.type, inner));
    });
  }

  #implementers(type: GraphQLNamedType): readonly GraphQLNamedType[] {
    if (!isInterfaceType(type)) return [];
    const { objects, interfaces } = this.#schema.getImplementations(type);
    return [...objects, ...interfaces];
  }
}

/**
 * Whether a query may begin there: at a resource or a Relay page of one; row types are gone already. What else a root field
 * returns says nothing of what it is, and may be rows that nobody marked.
 */
function isEntry(type: GraphQLNamedType, { resources }: PolicyTable): boolean {
  const inner = (of: GraphQLNamedType | undefined, name: string): GraphQLNamedType | undefined => {
    const field = isObjectType(of) ? of.getFields()[name] : undefined;
    return field && getNamedType(field.type);
  };
  return [type, inner(inner(type, 'edges'), 'node')].some((each) => each !== undefined && resources.has(each.name));
}

/** Whether an input has a value in every request: it cannot be left out, or has one by default. */
function isSet({ type, defaultValue }: Input): boolean {
  return isNonNullType(type) || defaultValue !== undefined;
}

function without(document: DocumentNode, gone: ReadonlySet<string>): DocumentNode {
  let type = '';
  let field = '';
  const definition = {
    enter: ({ name }: { name: { value: string } }) => {
      type = name.value;
      field = '';
      return gone.has(type) ? null : undefined;
    },
  };
  return visit(document, {
    ObjectTypeDefinition: definition,
    InterfaceTypeDefinition: definition,
    UnionTypeDefinition: definition,
    OperationTypeDefinition: ({ type: root }) => (gone.has(root.name.value) ? null : undefined),
    InputObjectTypeDefinition: definition,
    // An interface that a type no longer has; whatever else names a type that is gone is gone before it is reached.
    NamedType: ({ name }) => (gone.has(name.value) ? null : undefined),
    FieldDefinition: ({ name }) => {
      field = `${type}.${name.value}`;
      return gone.has(field) ? null : undefined;
    },
    InputValueDefinition: ({ name }) => {
      const coordinate = field === '' ? `${type}.${name.value}` : argumentCoordinate(field, name.value);
      return gone.has(coordinate) ? null : undefined;
    },
  });
}

/** The types that a query can come to, those that may stand for an interface included. */
function reachable(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  let types: readonly GraphQLNamedType[] = [];
  for (;;) {
    const reached = new GraphQLSchema({ ...config, types });
    const more = config.types.filter(
      (type) =>
        isObjectType(type) &&
        !reached.getType(type.name) &&
        type.getInterfaces().some(({ name }) => reached.getType(name)),
    );
    if (more.length === 0) return reached;
    types = [...types, ...more];
  }
}
