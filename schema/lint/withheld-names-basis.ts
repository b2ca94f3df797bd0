import { type Found, lineOf, type Rule } from './rule.ts';

/** 不予共享 needs a law that says so (政务信息资源共享管理暂行办法, 国发〔2016〕51号). */
export const withheldNamesBasis: Rule = {
  name: 'withheld-names-basis',
  asks: 'What is withheld names the law.',
  why: 'A department may keep an item to itself only where a law, an administrative regulation or a policy document says so, and has to name it (国发〔2016〕51号).',
  good: 'type Person { fingerprint: String @sharing(class: WITHHELD, basis: "居民身份证法 第六条") }',
  bad: 'type Person { fingerprint: String @sharing(class: WITHHELD) }',
  check: ({ fields }) => {
    const found = new Map<string, Found>();
    for (const { coordinate, type, node, parent, sharing } of fields) {
      if (sharing?.class !== 'WITHHELD' || sharing.basis !== '') continue;
      const at = sharing.byDefault ? type : coordinate;
      found.set(at, {
        severity: 'ERROR',
        coordinate: at,
        line: lineOf(sharing.byDefault ? parent : node),
        problem: 'It is WITHHELD and names no legal basis.',
        fix: 'Add basis: "…" with the law and its article, or share it under conditions.',
      });
    }
    return [...found.values()];
  },
};
