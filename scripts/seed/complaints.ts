import { addDays } from '../../lib/codes/calendar-date.ts';
import {
  type ComplaintKind,
  type ComplaintRecord,
  type ComplaintState,
  models,
} from '../../subgraphs/hotline/models.ts';
import { dueOn } from '../../subgraphs/hotline/terms.ts';
import { type Topic, topics } from '../../subgraphs/hotline/topics.ts';
import { isWorkingDay } from '../../subgraphs/hotline/working-days.ts';
import { complaintText } from './complaint-texts.ts';
import type { Filling } from './filling.ts';
import type { LegalPersons } from './legal-persons.ts';
import { personName, surname } from './names.ts';
import type { County } from './places.ts';
import { plan } from './plan.ts';
import type { Population } from './population.ts';
import { type Random, randomSource, weighted } from './random.ts';
import { responsibleBodies } from './responsible-bodies.ts';

/** Complaints for each person of the data set, of three years; never fewer than 40. */
const PER_PERSON = 0.1;
const DAYS = 3 * 365;

/** Deliberate dirt, as real registers of calls have it. */
const dirt = {
  /** Share entered under a topic of the list of before 2023, whose codes are not in the present one. */
  oldTopics: 0.01,
  /** Share taken down twice, by telephone and by app: the second is withdrawn, and its text has doubled blanks. */
  receivedTwice: 0.01,
  /** Share where nobody asked for the village: the division is the county. */
  countyOnly: 0.08,
  /** Share of those with a body that nobody has assigned, though the term is over. */
  neverAssigned: 0.005,
} as const;

const kindOf = weighted<ComplaintKind>([
  ['CONSULTATION', 52],
  ['HELP', 22],
  ['GRIEVANCE', 17],
  ['REPORT', 5],
  ['SUGGESTION', 4],
]);
const confidence: Readonly<Record<ComplaintKind, number>> = {
  CONSULTATION: 0.01,
  HELP: 0.03,
  GRIEVANCE: 0.15,
  REPORT: 0.6,
  SUGGESTION: 0.02,
};
/** Water, wages and noise are what people call about. */
const topicOf = weighted<Topic>(
  topics
    .filter(({ group }) => group !== null)
    .map((topic) => [topic, ['0101', '0303', '0601'].includes(topic.code) ? 4 : 1]),
);

/** The generated data of the hotline. */
export const complaints: Filling = {
  store: 'hotline',
  modelsOf: models,
  plans: ({ dataSet, people, bodies }) => {
    const make = complaintMaker(people, bodies, dataSet.asOf);
    const units = Math.max(40, Math.round(dataSet.persons * PER_PERSON));
    return [plan('hotline', 'complaints', { units, documentsPerUnit: 1.01 }, (unit) => ({ complaints: make(unit) }))];
  },
};

/** Makes the n-th complaint. It follows from the seed and its number alone, so that an interrupted filling goes on where it stopped. */
function complaintMaker(
  people: Population,
  bodies: LegalPersons,
  asOf: string,
): (index: number) => readonly ComplaintRecord[] {
  const source = randomSource(people.seed, 'complaint');
  const bodyOf = responsibleBodies(people.counties, bodies);
  return (index) => {
    const random = source(index);
    const county = people.pickCounty(random);
    const topic = topicOf(random);
    const kind = kindOf(random);
    const day = addDays(asOf, -random.between(1, DAYS));
    const receivedAt = at(day, random.between(7 * 60, 23 * 60));
    const last = dueOn(kind, receivedAt);
    const village = county.pickVillage(random);
    const state = stateOf(random, last < asOf);
    const unit = bodyOf(county, topic);
    const record: ComplaintRecord = {
      _id: random.hex(4),
      number: numberOf(day, county, index),
      division: random.chance(dirt.countyOnly) ? county.code : village.code,
      county: county.code,
      kind,
      topic: random.chance(dirt.oldTopics) ? `99${topic.code.slice(2)}` : topic.code,
      text: complaintText(random, {
        place: `${county.name}${village.township}${village.name}`,
        group: topic.group ?? '',
        topic: topic.title,
        kind,
        neighbour: nameOf(random),
      }),
      confidential: random.chance(confidence[kind]),
      receivedAt,
      dueOn: last,
      state,
      updatedAt: receivedAt,
    };
    if (random.chance(0.93)) record.callerName = nameOf(random);
    // Numbers of a range that no operator has given out.
    if (random.chance(0.98)) record.callerPhone = `19000${String(random.below(1_000_000)).padStart(6, '0')}`;
    if (state !== 'RECEIVED') {
      record.unitName = unit.name;
      if (unit.uscc !== undefined) record.unitUscc = unit.uscc;
    }
    if (state === 'CLOSED') close(random, record, asOf);
    return random.chance(dirt.receivedTwice) ? [record, secondOf(random, record, county, index)] : [record];
  };
}

/** 18 digits: the day, the county without its province, and one number for each complaint. */
function numberOf(day: string, county: County, index: number): string {
  return `${day.replaceAll('-', '')}${county.code.slice(2)}${String(index + 1).padStart(6, '0')}`;
}

function nameOf(random: Random): string {
  return personName(random, { sex: random.pick(['1', '2'] as const), ethnicGroup: '01', family: surname(random) });
}

/** A minute of a day in China. */
function at(day: string, minute: number): Date {
  return new Date(Date.parse(`${day}T00:00:00+08:00`) + minute * 60_000);
}

function stateOf(random: Random, isDue: boolean): ComplaintState {
  if (random.chance(0.03)) return 'WITHDRAWN';
  if (!isDue) return random.chance(0.3) ? 'RECEIVED' : 'ASSIGNED';
  if (random.chance(dirt.neverAssigned)) return 'RECEIVED';
  return random.chance(0.97) ? 'CLOSED' : 'ASSIGNED';
}

/** Nine in ten are answered in time; whoever could be asked afterwards was mostly satisfied, of late answers less so. */
function close(random: Random, record: ComplaintRecord, asOf: string): void {
  const received = record.receivedAt.toISOString().slice(0, 10);
  const isLate = random.chance(0.1);
  const term = (Date.parse(record.dueOn) - Date.parse(received)) / 86_400_000;
  let day = isLate
    ? addDays(record.dueOn, random.between(1, 12))
    : addDays(record.dueOn, -random.below(Math.max(1, term)));
  while (!isWorkingDay(day)) day = addDays(day, 1);
  if (day >= asOf) day = record.dueOn;
  const closedAt = at(day, random.between(9 * 60, 18 * 60));
  // What is answered on the day it came in is answered after it came in.
  record.closedAt = closedAt > record.receivedAt ? closedAt : new Date(record.receivedAt.getTime() + 40 * 60_000);
  record.updatedAt = record.closedAt;
  if (random.chance(0.75)) record.satisfied = random.chance(isLate ? 0.55 : 0.88);
}

function secondOf(random: Random, first: ComplaintRecord, county: County, index: number): ComplaintRecord {
  const receivedAt = new Date(first.receivedAt.getTime() + random.between(1, 50) * 60_000);
  const { closedAt: _closedAt, satisfied: _satisfied, ...same } = first;
  return {
    ...same,
    _id: random.hex(4),
    // The app numbers its own beyond those of the telephone.
    number: numberOf(first.receivedAt.toISOString().slice(0, 10), county, index + 500_000),
    text: first.text.replace('，', '，　 '),
    receivedAt,
    state: 'WITHDRAWN',
    updatedAt: receivedAt,
  };
}
