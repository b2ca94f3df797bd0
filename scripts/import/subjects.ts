import { parseCreditCode } from '../../lib/codes/uscc.ts';
import { invalid, valid } from '../../lib/codes/verdict.ts';
import type { Subject } from '../../subgraphs/archives/models.ts';
import type { FieldVerdict } from './resource.ts';

/** Whom a document is about: `PERSON:<32 hexadecimal digits>` and `LEGAL_PERSON:<credit code>`, separated by semicolons. */
export function readSubjects(value: string): FieldVerdict {
  const subjects: Subject[] = [];
  for (const entry of value.split(/[;；]/)) {
    const match = /^(PERSON|LEGAL_PERSON)[:：](\S+)$/.exec(entry.trim());
    const [, kind, ref = ''] = match ?? [];
    const fits =
      kind === 'PERSON' ? /^[0-9a-f]{32}$/.test(ref) : kind === 'LEGAL_PERSON' && parseCreditCode(ref).kind === 'VALID';
    if (!fits || (kind !== 'PERSON' && kind !== 'LEGAL_PERSON')) {
      return invalid(
        'REFERENCE',
        'A subject is PERSON: with a person reference or LEGAL_PERSON: with a credit code, several separated by semicolons.',
      );
    }
    subjects.push({ kind, ref });
  }
  return valid(subjects);
}
