import type { Resource } from './catalogue-read.ts';

const EU = 'http://publications.europa.eu/resource/authority/';

/** Terms of the documents; inline, since networks are air-gapped and a remote context would be fetched by every reader. */
const CONTEXT = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};

/** 更新周期 in the EU vocabulary of frequencies. */
const FREQUENCIES: Readonly<Record<Resource['updateCycle'], string>> = {
  REAL_TIME: 'UPDATE_CONT',
  DAILY: 'DAILY',
  WEEKLY: 'WEEKLY',
  MONTHLY: 'MONTHLY',
  QUARTERLY: 'QUARTERLY',
  YEARLY: 'ANNUAL',
  AS_NEEDED: 'IRREG',
};

/**
 * The catalogue by DCAT-AP 3 as JSON-LD: a data set for each resource, served by the endpoint.
 * @param base IRI of the endpoint, of which those of the data sets are made.
 * @param at moment of the export.
 */
export function catalogueDcat(resources: readonly Resource[], base: string, at: Date): object {
  const service = iri(base, 'service');
  const publishers = new Map(resources.map(({ owner }) => [owner, agent(base, owner)]));
  const hub = agent(base, 'hub', 'Shuniu 枢纽');
  return {
    '@context': CONTEXT,
    '@id': iri(base, 'catalogue'),
    '@type': 'dcat:Catalog',
    'dct:title': texts('政务信息资源目录'),
    'dct:description': texts('The resources that departments share through the hub, from the schemas in force.'),
    'dct:publisher': hub,
    'dct:modified': moment(at.toISOString()),
    'dcat:service': {
      '@id': service,
      '@type': 'dcat:DataService',
      'dct:title': texts('Shuniu 枢纽 GraphQL'),
      'dct:publisher': { '@id': hub['@id'] },
      'dcat:endpointURL': { '@id': base },
      'dct:conformsTo': { '@id': 'https://spec.graphql.org/October2021/' },
      'dct:accessRights': { '@id': `${EU}access-right/RESTRICTED` },
      'dcat:servesDataset': resources.map(({ code }) => ({ '@id': datasetIri(base, code) })),
    },
    'dcat:dataset': resources.map((resource) => dataset(resource, base, { service, publishers })),
  };
}

function dataset(
  { code, title, description, type, owner, updateCycle, sinceAt, coreMetadata }: Resource,
  base: string,
  { service, publishers }: { readonly service: string; readonly publishers: ReadonlyMap<string, object> },
): object {
  const id = datasetIri(base, code);
  return {
    '@id': id,
    '@type': 'dcat:Dataset',
    'dct:identifier': code,
    'dct:title': texts(title),
    // DCAT-AP asks for one; where the owner wrote none, the title is all there is to say.
    'dct:description': texts(description ?? title),
    'dct:publisher': publishers.get(owner),
    'dct:issued': moment(sinceAt),
    'dct:accrualPeriodicity': { '@id': `${EU}frequency/${FREQUENCIES[updateCycle]}` },
    'dct:accessRights': { '@id': `${EU}access-right/${accessRight(coreMetadata.sharingClass)}` },
    'dct:relation': coreMetadata.related.map((other) => ({ '@id': datasetIri(base, other) })),
    'dcat:distribution': {
      '@id': `${id}/graphql`,
      '@type': 'dcat:Distribution',
      'dct:title': texts(`${title} (${type})`),
      'dcat:accessURL': { '@id': base },
      'dcat:accessService': { '@id': service },
      'dct:format': { '@id': `${EU}file-type/JSON` },
      'dcat:mediaType': { '@id': 'https://www.iana.org/assignments/media-types/application/json' },
    },
  };
}

/** What is shared without conditions is so among departments: nothing of the hub is public. */
function accessRight(sharingClass: Resource['coreMetadata']['sharingClass']): string {
  return sharingClass === null || sharingClass === 'WITHHELD' ? 'NON_PUBLIC' : 'RESTRICTED';
}

function agent(base: string, code: string, name = code) {
  return {
    '@id': iri(base, `department/${encodeURIComponent(code)}`),
    '@type': 'foaf:Agent',
    'foaf:name': texts(name),
    ...(name === code && { 'dct:identifier': code }),
  };
}

function datasetIri(base: string, code: string): string {
  return iri(base, `dataset/${encodeURIComponent(code)}`);
}

function iri(base: string, name: string): string {
  return `${base}#${name}`;
}

/** A text, said to be Chinese where it is written so; the contract does not say in which language an owner writes. */
function texts(value: string): object {
  return { '@value': value, ...(/^\P{L}*\p{Script=Han}/u.test(value) && { '@language': 'zh' }) };
}

function moment(value: string): object {
  return { '@value': value, '@type': 'xsd:dateTime' };
}
