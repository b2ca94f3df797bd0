import { addDays } from '../../lib/codes/calendar-date.ts';
import { models, type ComplaintRecord } from '../../subgraphs/hotline/models.ts';
import type { Filling } from './filling.ts';
import { personName, surname } from './names.ts';
import { plan } from './plan.ts';
import type { Population } from './population.ts';
import { randomSource } from './random.ts';

/** Rows for each person of the data set; never fewer than 20. */
const PER_PERSON = 0.02;

/** The generated data of 政务服务便民热线. */
export const complaints: Filling = {
  store: 'hotline',
  modelsOf: models,
  plans: ({ dataSet, people }) => {
    const make = complaintMaker(people, dataSet.asOf);
    const units = Math.max(20, Math.round(dataSet.persons * PER_PERSON));
    return [plan('hotline', 'complaints', { units, documentsPerUnit: 1 }, (unit) => ({ complaints: [make(unit)] }))];
  },
};

/** Makes the n-th row. It follows from the seed and its number alone, so that an interrupted filling goes on where it stopped. */
function complaintMaker(people: Population, asOf: string): (index: number) => ComplaintRecord {
  const source = randomSource(people.seed, 'hotline');
  return (index) => {
    const random = source(index);
    const county = people.pickCounty(random);
    const sex = random.pick(['1', '2'] as const);
    const registeredOn = addDays(asOf, -random.between(1, 3_000));
    return {
      _id: random.hex(4),
      number: `${county.code}-${registeredOn.slice(0, 4)}-${String(index + 1).padStart(7, '0')}`,
      division: county.pickVillage(random).code,
      county: county.code,
      name: personName(random, { sex, ethnicGroup: '01', family: surname(random) }),
      // Numbers of a range that no operator has given out.
      ...(random.chance(0.9) && { phone: `19000${String(random.below(1_000_000)).padStart(6, '0')}` }),
      state: random.chance(0.9) ? 'ACTIVE' : 'CLOSED',
      registeredOn,
      updatedAt: new Date(Date.parse(`${registeredOn}T00:00:00Z`) + random.below(86_400) * 1000),
    };
  };
}
