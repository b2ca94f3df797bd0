import type { Topic } from '../../subgraphs/hotline/topics.ts';
import type { LegalPersons } from './legal-persons.ts';
import type { County } from './places.ts';
import { bureaus } from './trades.ts';

interface Body {
  readonly name: string;
  /** Credit code, where the body is in the register of this data set: a small one does not have all. */
  readonly uscc?: string | undefined;
}

/** Bureau of a county by group of topics. */
const BUREAUS: Readonly<Record<string, string>> = {
  '01': '住房和城乡建设局',
  '02': '交通运输局',
  '03': '人力资源和社会保障局',
  '04': '卫生健康局',
  '05': '教育体育局',
  '07': '市场监督管理局',
  '08': '农业农村局',
  '09': '公安局',
  '10': '政务服务管理局',
  '11': '文化和旅游局',
};

/** Every thirteenth legal person is a body of the government, bureau by bureau through the counties (`legal-persons.ts`). */
const EVERY = 13;

/** Who answers for a topic in a county. Environment is a branch of the prefecture, which no county registers. */
export function responsibleBodies(
  counties: readonly County[],
  bodies: LegalPersons,
): (county: County, topic: Topic) => Body {
  const known = new Map<string, Body>();
  return (county, { group }) => {
    const bureau = BUREAUS[group ?? ''];
    if (bureau === undefined) return { name: `楚雄州生态环境局${county.shortName}分局` };
    const name = county.name + bureau;
    const body = known.get(name) ?? find(name);
    known.set(name, body);
    return body;

    function find(wanted: string): Body {
      const index = (bureaus.split(' ').indexOf(bureau ?? '') * counties.length + county.index) * EVERY;
      if (index >= bodies.count) return { name: wanted };
      const { legalPerson } = bodies.make(index);
      // A reference to another body than the one named would be worse than none.
      return legalPerson.name === wanted ? { name: wanted, uscc: legalPerson._id } : { name: wanted };
    }
  };
}
