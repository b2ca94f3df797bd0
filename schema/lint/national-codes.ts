import { namedType } from '../documents.ts';
import { type Contract, type Field, isInterface } from './contract.ts';
import { type Found, lineOf, type Rule } from './rule.ts';

interface NationalCode {
  readonly standard: string;
  /** The names an item of it goes by. */
  readonly names: RegExp;
  /** The name to propose. */
  readonly name: string;
  /** How a description of such an item begins. */
  readonly begins: RegExp;
}

const CODES: readonly NationalCode[] = [
  {
    standard: 'GB 11643',
    name: 'residentNumber',
    names: /residentNumber$/i,
    begins: /^(公民身份号码|居民身份证号|身份证号|resident number)/i,
  },
  {
    standard: 'GB 32100',
    name: 'uscc',
    names: /uscc$/i,
    begins: /^(统一社会信用代码|unified social credit (code|identifier))/i,
  },
  {
    standard: 'GB 11714',
    name: 'orgCode',
    names: /orgCode$/i,
    begins: /^(组织机构代码|organi[sz]ation code)/i,
  },
  {
    standard: 'GB/T 2260',
    name: 'division',
    names: /(^code|division(code)?)$/i,
    begins: /^(行政区划(代码)?|区划代码|division code|code of the division)/i,
  },
  {
    standard: 'GB/T 4754',
    name: 'industry',
    names: /^industry|industry(Code|Class|Section)?$/i,
    begins: /^(行业(代码|门类|类别|分类)|国民经济行业|industry code)/i,
  },
  { standard: 'GB/T 2261.1', name: 'sex', names: /sex$/i, begins: /^(性别)/ },
  { standard: 'GB/T 2261.2', name: 'maritalStatus', names: /maritalStatus$/i, begins: /^(婚姻状况|marital status)/i },
  { standard: 'GB/T 3304', name: 'ethnicGroup', names: /ethnicGroup$/i, begins: /^(民族|ethnic group)/i },
  { standard: 'GB/T 4658', name: 'education', names: /education$/i, begins: /^(文化程度|学历)/ },
  { standard: 'GB/T 21010', name: 'landUse', names: /^landUse/i, begins: /^(土地利用现状|土地用途|地类)/ },
];

/** Items of national codes have one name everywhere: two subgraphs are joined by them. */
export const nationalCodes: Rule = {
  name: 'national-codes',
  asks: 'National codes have one name everywhere, and name their standard.',
  why: 'An item that holds a national code has the same name in every subgraph, and its description, or that of its type, names the standard: whoever joins two departments’ data must see that both mean the same code.',
  good: `type Branch {
  "统一社会信用代码 (GB 32100) of the company."
  uscc: ID
  "性别 (GB/T 2261.1) of its head."
  sex: String
}`,
  bad: `type Branch {
  "统一社会信用代码 of the company."
  creditNo: ID
  "Of its head."
  sex: String
}`,
  check: ({ fields }, contract) =>
    fields.flatMap((field) => {
      if (isInterface(field.parent) || field.isExternal || field.isInaccessible || isBoolean(field)) return [];
      if ((field.node.arguments ?? []).length > 0 || ['Query', 'Mutation'].includes(field.type)) return [];
      return CODES.flatMap((code) => checked(field, code, contract));
    }),
};

function checked(field: Field, code: NationalCode, contract: Contract): readonly Found[] {
  const { coordinate, node } = field;
  const text = contract.descriptions.get(coordinate) ?? '';
  const found = (problem: string, fix: string): readonly Found[] => [
    { severity: 'WARNING', coordinate, line: lineOf(node), problem, fix },
  ];
  const isNamed = code.names.test(node.name.value);
  if (code.begins.test(text) && !isNamed)
    return found(
      `It is described as a code of ${code.standard} and called ${node.name.value}.`,
      `Call it ${code.name}, as the other subgraphs do, or a name that ends so.`,
    );
  // The name alone means little where it is a common word, such as code.
  const isMeant = isNamed && (node.name.value !== 'code' || code.begins.test(text));
  if (!isMeant || namesStandard(field, code, contract)) return [];
  return found(
    `It is called as codes of ${code.standard} are, and nothing says that it is one.`,
    `Name ${code.standard} in its description, or call it otherwise.`,
  );
}

function namesStandard({ coordinate, type, node }: Field, { standard }: NationalCode, contract: Contract): boolean {
  const number = standard.replace(/^\D+/, '');
  return [coordinate, type, namedType(node.type)].some((at) => contract.descriptions.get(at)?.includes(number));
}

function isBoolean({ node }: Field): boolean {
  return namedType(node.type) === 'Boolean';
}
