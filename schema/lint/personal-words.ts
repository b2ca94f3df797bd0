import { namedType } from '../documents.ts';
import type { Contract, Field } from './contract.ts';

/** Words by which personal information is known, as English names and as Chinese descriptions have them. */

interface Words {
  /** What they tell of, for a sentence. */
  readonly what: string;
  /** Of the words of a name, joined by spaces and in lower case. */
  readonly name: RegExp;
  /** Of the beginning of a description: what follows explains, and may mention anything. */
  readonly description: RegExp;
  /** Whether legal persons and documents have it too, and it is personal only of a person. */
  readonly alsoOfOthers?: true;
}

const WORDS: readonly Words[] = [
  {
    what: 'a resident number',
    name: /\b(resident|identity|id|citizen) (number|no|card|code)s?\b|\bid ?card\b|\bidentity card\b|\bssn\b|\bsfzh\b/,
    description: /身份证|公民身份号码|居民身份号码|resident number|identity card|id card/i,
  },
  {
    what: 'a travel document',
    name: /\bpassport\b|\bpermit card\b/,
    description: /护照|通行证号|passport/i,
  },
  {
    what: 'a phone number',
    name: /\b(phone|mobile|telephone|cellphone|tel)\b/,
    description: /手机|电话|phone|mobile number/i,
    alsoOfOthers: true,
  },
  {
    what: 'an electronic address',
    name: /\be ?mail\b|\bwe ?chat\b|\bqq\b/,
    description: /电子邮箱|微信号|e-?mail/i,
    alsoOfOthers: true,
  },
  {
    what: 'a biometric feature',
    name: /\b(finger ?print|iris|face (image|print|id)|voice ?print|dna|portrait|photo)\b/,
    description: /指纹|虹膜|人脸|声纹|基因|照片|fingerprint|facial/i,
  },
  {
    what: 'a bank account',
    name: /\bbank (account|card)\b|\bcard number\b/,
    description: /银行卡|银行账号|银行账户|bank (account|card)/i,
    alsoOfOthers: true,
  },
  {
    what: 'a place where somebody lives',
    name: /\b(address|residence|domicile)\b/,
    description: /住址|家庭住址|户籍地址|居住地址|(home|residential|registered|postal) address/i,
    alsoOfOthers: true,
  },
  {
    what: 'a birth',
    name: /\b(birth|birthday|birthdate|birth ?(date|day|year|place)|born)\b/,
    description: /出生(日期|年月|地)|生日|(date|year|place) of birth|birth ?(date|day)/i,
  },
  {
    what: 'the name of a person',
    name: /\b(full|real|family|given|sur|first|last|person|owner|applicant|citizen|resident) ?names?\b|\bsurname\b/,
    description: /姓名|曾用名|name of (a|the) (person|resident|citizen|owner|applicant)/i,
    alsoOfOthers: true,
  },
  {
    what: 'somebody’s health or religion',
    name: /\b(diagnosis|disease|disability|illness|religion|blood type|medical record)\b/,
    description: /病历|诊断|疾病|残疾|宗教信仰|血型|diagnosis|disability|religio/i,
  },
];

/** Of a legal person, an office or a document: their addresses and phones are for everybody. */
const OF_OTHERS =
  /legal person|compan|enterprise|firm|organi[sz]ation|institution|agency|department|bureau|office|document|archive|licence|school|hospital|法人|企业|公司|机构|单位|机关|部门|公文|档案|学校|医院|窗口/i;
/** Numbers about many tell of none. */
const COUNTED = /\b(count|rate|ratio|total|average|share|band|per|size)\b|^(人数|数量|占比|比率)/;

/**
 * What of a person a field looks like it holds, or undefined. Only values count: who is referred to by an object is decided by
 * that object's own items. A description speaks of the item as far as its first stop.
 */
export function looksPersonal(field: Field, contract: Contract): string | undefined {
  const words = wordsOf(field.node.name.value);
  const type = namedType(field.node.type);
  if (type === 'Boolean' || COUNTED.test(words) || contract.objects.has(type)) return undefined;
  const [first = ''] = (contract.descriptions.get(field.coordinate) ?? '').split(/[.;:。；：]/);
  const isOfPersons = contract.personal.has(field.type);
  if (isOfPersons && words === 'name' && !OF_OTHERS.test(first)) return 'the name of a person';
  const isOfOthers =
    !isOfPersons && OF_OTHERS.test(`${wordsOf(field.type)} ${contract.descriptions.get(field.type) ?? ''}`);
  return WORDS.find(
    ({ name, description, alsoOfOthers }) =>
      !(alsoOfOthers && (isOfOthers || OF_OTHERS.test(`${words} ${first}`))) &&
      (name.test(words) || description.test(first)),
  )?.what;
}

/** `residentNumber`, `resident_number` and `ResidentNumber` are `resident number`. */
export function wordsOf(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/_+/g, ' ')
    .trim()
    .toLowerCase();
}
