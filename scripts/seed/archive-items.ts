import { addDays } from '../../lib/codes/calendar-date.ts';
import { archiveOpensOn } from '../../lib/codes/archive-opening.ts';
import { bigrams } from '../../lib/codes/bigrams.ts';
import { retentionMarks } from '../../lib/codes/retention.ts';
import type { SecrecyLevel } from '../../lib/codes/secrecy.ts';
import type { ArchiveItemRecord, Subject } from '../../subgraphs/archives/models.ts';
import { pickTopic } from './archive-topics.ts';
import type { Topic } from './archive-topics.ts';
import { dirt } from './dirt.ts';
import type { LegalPersons } from './legal-persons.ts';
import type { Population } from './population.ts';
import type { County } from './places.ts';
import { randomSource, weighted } from './random.ts';
import type { Random } from './random.ts';
import { bureaus } from './trades.ts';

const secrecyOf = weighted<SecrecyLevel>([
  ['公开', 78],
  ['国内', 6],
  ['内部', 16],
]);

/** Makes the n-th archived item. Its number (档号, DA/T 22) carries fonds, year, retention, bureau and the item itself. */
export function archiveItemMaker(
  people: Population,
  bodies: LegalPersons,
  asOf: string,
): (index: number) => ArchiveItemRecord {
  const source = randomSource(people.seed, 'archive-item');
  const bureauNames = bureaus.split(' ');
  return (index) => {
    const random = source(index);
    const county = people.pickCounty(random);
    const topic = pickTopic(random);
    const formedOn = dayIn(random, topic, asOf);
    const secrecy = topic.subject === 'PERSON' ? '内部' : secrecyOf(random);
    const plain = topic.title(random, county);
    const title = random.chance(dirt.untidyTitles) ? untidy(plain) : plain;
    const bureau = bureauNames.indexOf(topic.bureau) + 1;
    const fonds = `${String(county.index + 1).padStart(2, '0')}${String(bureau).padStart(2, '0')}`;
    const mark = retentionMarks.get(topic.retention) ?? 'Y';
    return {
      _id: `${fonds}-WS·${formedOn.slice(0, 4)}-${mark}-${String(random.between(1, 12)).padStart(2, '0')}-${String(index + 1).padStart(7, '0')}`,
      title,
      titleTokens: bigrams(title),
      fonds,
      fondsName: county.name + topic.bureau,
      retention: topic.retention,
      secrecy,
      formedOn,
      opensOn: archiveOpensOn(formedOn, secrecy),
      county: county.code,
      subjects: subjectsOf(random, topic, { people, bodies, county }),
    };
  };
}

/** A day in the years of the topic, not after `asOf`. */
function dayIn(random: Random, { years: [first, last] }: Topic, asOf: string): string {
  const begin = `${first}-01-01`;
  const end = `${last}-12-31` < asOf ? `${last}-12-31` : asOf;
  return addDays(begin, random.below((Date.parse(end) - Date.parse(begin)) / 86_400_000 + 1));
}

function subjectsOf(
  random: Random,
  topic: Topic,
  { people, bodies, county }: { people: Population; bodies: LegalPersons; county: County },
): Subject[] {
  if (topic.subject === 'PERSON') return [{ kind: 'PERSON', ref: people.refOf(people.headIn(county, random)) }];
  if (topic.subject === 'LEGAL_PERSON') {
    return [{ kind: 'LEGAL_PERSON', ref: bodies.creditCodeOf(random.below(bodies.count)) }];
  }
  return [];
}

/** What conversions from older systems left behind: doubled ideographic blanks and half-width brackets. */
function untidy(title: string): string {
  return title.replaceAll('（', ' (').replaceAll('）', ')　').replace('关于', '关　于 ');
}
