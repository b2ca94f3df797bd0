import { namedType } from '../documents.ts';
import { argumentsOf } from '../directives.ts';
import { type Contract, type FieldsNode, hasFields, named, textOf } from './contract.ts';
import { type Found, lineOf, type Rule } from './rule.ts';

/** 政务信息资源代码: class, item and subject in front, the number behind. */
const CODE = /^\d{6}\/\d{6}$/;

/** What callers can look up is in the catalogue, under one code. */
export const catalogued: Rule = {
  name: 'catalogued',
  asks: 'What is looked up by itself is a resource of the catalogue, under a code of its own.',
  why: 'The catalogue of shared resources (GB/T 21063) is made from the schemas. A type that callers look up by itself is a resource: it has a code, a title and an update cycle by which its owner is held to it. A code means one resource.',
  good: `type Query { parcel: Parcel }
type Parcel @key(fields: "code") @resource(code: "312001/000002", title: "宗地信息", updateCycle: DAILY) { code: ID! }`,
  bad: `type Query { parcel: Parcel }
type Parcel @key(fields: "code") @resource(code: "parcels", title: "宗地信息", updateCycle: DAILY) { code: ID! }`,
  check: ({ definitions, fields }, contract) => {
    const queried = new Set(fields.filter(({ type }) => type === 'Query').map(({ node }) => namedType(node.type)));
    const resources = resourcesOf(contract);
    return definitions.flatMap((node): readonly Found[] => {
      if (!hasFields(node)) return [];
      const type = node.name.value;
      const found = (severity: Found['severity'], problem: string, fix: string): readonly Found[] => [
        { severity, coordinate: type, line: lineOf(node), problem, fix },
      ];
      const code = codeOf(node);
      if (code === undefined)
        return queried.has(type) &&
          named(node.directives, 'key').length > 0 &&
          !resources.some((each) => each.type === type)
          ? found(
              'WARNING',
              'It is looked up by itself, and no subgraph says which resource it is.',
              'Add @resource(code: "…", title: "…", updateCycle: …).',
            )
          : [];
      const other = resources.find((each) => each.code === code && each.type !== type);
      if (other)
        return found(
          'ERROR',
          `Its resource code ${code} is that of ${other.type} in ${other.subgraph}.`,
          'Give it a code of its own.',
        );
      return CODE.test(code)
        ? []
        : found(
            'WARNING',
            `Its resource code is “${code}”.`,
            'Write six digits for the class, a slash, and six for the number: "312001/000002".',
          );
    });
  },
};

function codeOf({ directives }: FieldsNode): string | undefined {
  const [resource] = named(directives, 'resource');
  return resource && textOf(argumentsOf(resource)['code']);
}

function resourcesOf({ subgraphs }: Contract) {
  return subgraphs.flatMap(({ name: subgraph, definitions }) =>
    definitions.flatMap((node) => {
      const code = hasFields(node) ? codeOf(node) : undefined;
      return hasFields(node) && code !== undefined ? [{ type: node.name.value, subgraph, code }] : [];
    }),
  );
}
