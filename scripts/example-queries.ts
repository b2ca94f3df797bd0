import type { ExampleQuery } from '../gateway/graphiql.ts';

/** What each kind of user would ask first; the comment says whom to sign in as, or which token to put into the headers. */
export const EXAMPLE_QUERIES: readonly ExampleQuery[] = [
  {
    comment: `民政局 checks a household before granting relief: one query through five departments. Sign in as 民政局, or put
{"authorization": "Bearer …"} into the headers, with what this prints:
hub token --department civil-affairs --application relief --purpose low-income-check
The number is of a generated person; put in one of your own data if you have some.`,
    variables: { residentNumber: '532331198911282233' },
    query: `query Household($residentNumber: String!) {
  personByResidentNumber(residentNumber: $residentNumber) {
    name
    residentNumber
    birthDate
    maritalStatus
    household {
      size
      members { name birthDate }
    }
    represents { name status annualRevenueFen }
    parcels { code landUseName areaSquareMetres }
    archiveItems { number title }
  }
  division(code: "532302") {
    name
    indicators(codes: ["GE001"], period: "2025-Q3") { value unit status }
  }
}`,
  },
  {
    comment: `A leader's dashboard: numbers by division, never a person.
hub token --department government-office --application dashboard --purpose leaders-statistics --role leader`,
    query: `query Dashboard {
  division(code: "532300") {
    name
    population(by: [SEX, AGE_BAND]) { sex ageBand count suppressed about { source asOf period release } }
    legalPersons(by: [INDUSTRY]) { industry count suppressed revenueFen revenueSuppressed }
    parcels(by: [LAND_USE]) { landUse count areaSquareMetres suppressed }
    complaints(by: [TOPIC]) { topic { title } count suppressed }
    archives(by: [RETENTION]) { retention count suppressed }
    at(period: "${new Date().getFullYear()}") {
      residents
      enterprises
      residentsPerEnterprise { value unit definition missing }
      shareAged60AndOver { value unit missing }
    }
  }
}`,
  },
  {
    comment: `An owner sees all of its own items (公安局).
hub token --department public-security --application registry`,
    query: `query Owner {
  persons(filter: { division: "532301" }, first: 5) {
    totalCount
    edges { node { residentNumber name phone address fingerprintCode } }
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
  {
    comment: `The tax bureau looks an enterprise up.
hub token --department tax-bureau --application collection --purpose tax-administration`,
    query: `query Enterprises {
  legalPersons(filter: { division: "532301", status: ACTIVE }, first: 5) {
    edges {
      node {
        uscc
        name
        annualRevenueFen
        representative { name residentNumber }
        penalties { decidedOn ground amountFen }
        parcels { code areaSquareMetres }
      }
    }
  }
}`,
  },
  {
    comment: `An auditor sees who asked what, and no personal value.
hub token --department audit-office --application supervision --purpose audit --role auditor`,
    query: `query Audit {
  auditEntries(first: 10) {
    edges {
      node {
        at
        department
        purpose
        outcome
        operation
        allowed
        masked
        denied { coordinate reason }
        rows { resource count }
        subjects
      }
    }
  }
}`,
  },
];
