import { describe, expect, it } from 'vitest';
import { sampleAnswer } from './dashboard-answers.ts';
import { look } from './dashboard-visit.ts';

describe('an exported table', () => {
  // Spreadsheets set to Chinese or Japanese take the full-width signs of an input method for the narrow ones (OWASP, CSV injection).
  it.each(['＝HYPERLINK("http://x")', '＋1', '－1＋1', '＠SUM(A1)', '　＝1', '\u200B=1', '\uFEFF=1', '\u0000=1'])(
    'does not begin a cell with %j',
    async (name) => {
      const answer = sampleAnswer();
      Object.assign(answer.data?.division?.children?.edges?.[0]?.node ?? {}, { name });
      const { csv } = await look(answer);
      const lines = await csv('counties');
      const quoted = name.replaceAll('"', '""');
      expect(lines).toContain(`'${quoted}`);
      expect(lines).not.toMatch(/(^|[,"])[\s\p{Cc}\p{Cf}]*[=＝+＋＠@]/mu);
    },
  );
});
