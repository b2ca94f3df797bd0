import {
  type FieldNode,
  type FragmentDefinitionNode,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { Case } from './case.ts';
import { typeOf } from './world.ts';

/** Reads the document of a case as GraphQL says: variables filled, fragments spread, what is skipped left out. */
export class Reading {
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly #given: Case;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(given: Case) {
    this.#given = given;
    const { definitions } = given.document;
    const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
    if (!operation) throw new Error('the document has no operation');
    this.operation = operation;
    const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((node) => [node.name.value, node]));
    const filled = getVariableValues(given.schema, operation.variableDefinitions ?? [], given.variables);
    if (!filled.coerced) throw new Error(`the variables do not fit: ${String(filled.errors)}`);
    this.variables = filled.coerced;
  }

  /** The selected fields of an object of this type by response key, in the order of the document. */
  fields(type: string, sets: readonly SelectionSetNode[]): ReadonlyMap<string, readonly FieldNode[]> {
    const found = new Map<string, FieldNode[]>();
    for (const node of sets.flatMap((set) => this.#spread(type, set))) {
      const key = node.alias?.value ?? node.name.value;
      found.set(key, [...(found.get(key) ?? []), node]);
    }
    return found;
  }

  #spread(type: string, { selections }: SelectionSetNode): FieldNode[] {
    return selections.flatMap((node): FieldNode[] => {
      if (this.#isLeftOut(node)) return [];
      if (node.kind === Kind.FIELD) return [node];
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.#fragments.get(node.name.value);
      if (!fragment) throw new Error('the document has no such fragment');
      const condition = fragment.typeCondition?.name.value;
      return condition === undefined || this.#is(type, condition) ? this.#spread(type, fragment.selectionSet) : [];
    });
  }

  #is(type: string, condition: string): boolean {
    const { name, interfaces } = typeOf(this.#given.world, type);
    return (
      condition === name ||
      interfaces.includes(condition) ||
      this.#given.world.abstracts.get(condition)?.members.includes(name) === true
    );
  }

  #isLeftOut({ directives = [] }: SelectionNode): boolean {
    return directives.some(({ name, arguments: given = [] }) => {
      const holds = this.#boolean(given[0]?.value);
      return name.value === 'skip' ? holds : !holds;
    });
  }

  #boolean(value: ValueNode | undefined): boolean {
    if (value?.kind === Kind.BOOLEAN) return value.value;
    return value?.kind === Kind.VARIABLE && this.variables[value.name.value] === true;
  }
}
