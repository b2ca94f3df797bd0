import { describe, expect, it } from 'vitest';
import { found } from './support.ts';

const open = (fields: string, type = 'type Person @personal @key(fields: "ref")'): string =>
  `${type} @sharing(class: UNCONDITIONAL) { ref: ID! @inaccessible ${fields} }`;

describe('what looks like personal information and is open', () => {
  it.each<[string]>([
    ['residentNumber: String'],
    ['resident_number: String'],
    ['idCard: String'],
    ['citizenNo: String'],
    ['passport: String'],
    ['mobile: String'],
    ['contactPhone: String'],
    ['homeAddress: String'],
    ['birthday: String'],
    ['birthYear: Int'],
    ['surname: String'],
    ['name: String'],
    ['diagnosis: String'],
    ['fingerPrint: String'],
    ['"居民身份证号." number: String'],
    ['"联系电话, as last told." contact: String'],
    ['"姓名." title: String'],
    ['"Date of birth." day: String'],
    ['phone: String @sharing(class: UNCONDITIONAL, mask: PHONE)'],
  ])('is an error on a person: %s', (field) => {
    expect(found('personal-names', open(field))).toEqual([expect.stringMatching(/^ERROR Person\./)]);
  });

  it.each<[string]>([
    ['phone: String @sharing(class: CONDITIONAL)'],
    ['fingerprint: String @sharing(class: WITHHELD, basis: "law")'],
    ['phone: String @external'],
    ['phone: String @inaccessible'],
    ['hasPhone: Boolean'],
    ['birthRate: Float'],
    ['births: Int'],
    ['addressCount: Int'],
    ['addressee: String'],
    ['"Number of the record; the resident number stands in the file." number: String'],
    ['officePhone: String'],
    ['telemetry: String'],
  ])('is no finding: %s', (field) => {
    expect(found('personal-names', open(field))).toEqual([]);
  });

  it('is no finding where the field leads to an object, whose own items are decided on', () => {
    const sdl = `${open('address: Address')} type Address @sharing(class: UNCONDITIONAL) { county: String }`;
    expect(found('personal-names', sdl)).toEqual([]);
  });

  it('is an error on rows scoped by division, and a question elsewhere', () => {
    const field = 'phone: String';
    expect(found('personal-names', open(field, 'type Complaint @scopedBy(division: "ref")'))).toEqual([
      'ERROR Complaint.phone',
    ]);
    expect(found('personal-names', open(field, 'type Note'))).toEqual(['WARNING Note.phone']);
    expect(found('personal-names', 'type Note { phone: String }')).toEqual(['WARNING Note.phone']);
  });

  it('means no legal persons, offices or documents, but resident numbers even there', () => {
    const fields = 'registeredAddress: String phone: String email: String fullName: String';
    for (const type of [
      'type Company @scopedBy(division: "ref")',
      '"法人单位." type Unit @scopedBy(division: "ref")',
      'type ServiceOffice',
      '"An archived document." type Item',
    ])
      expect(found('personal-names', open(fields, type))).toEqual([]);
    expect(found('personal-names', open('idNumber: String', 'type Company @scopedBy(division: "ref")'))).toEqual([
      'ERROR Company.idNumber',
    ]);
    // What is @personal stays so, whoever keeps it.
    const known = '"Persons known to the department." type Person @personal @key(fields: "ref")';
    expect(found('personal-names', open('phone: String', known))).toEqual(['ERROR Person.phone']);
  });
});

describe('a key made of personal information', () => {
  it.each<[string, string]>([
    ['residentNumber: String', 'residentNumber'],
    ['number: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)', 'number'],
    ['number: String @personal', 'number'],
    ['"公民身份号码." number: String @inaccessible', 'number'],
    ['phone: String', 'code phone'],
    ['contact: C } type C { phone: String', 'contact { phone }'],
  ])('is found: %s', (fields, key) => {
    expect(found('personal-key', `type P @key(fields: "${key}") { code: ID! ${fields} }`)).toEqual([
      expect.stringMatching(/^ERROR [PC]\.(number|phone|residentNumber)$/),
    ]);
  });

  it('is found where another department says what the key is', () => {
    const keeper = 'type P { number: String @sharing(class: CONDITIONAL, mask: PHONE) }';
    expect(found('personal-key', 'type P @key(fields: "number") { number: String }', keeper)).toEqual([
      'ERROR P.number',
    ]);
  });

  it('is no finding for other keys', () => {
    const sdl = `type P @key(fields: "ref") @key(fields: "code period") { ref: ID! code: ID! period: String phone: String }
      "法人." type LegalPerson @key(fields: "uscc") { "统一社会信用代码 (GB 32100)." uscc: ID! }`;
    expect(found('personal-key', sdl)).toEqual([]);
  });
});
