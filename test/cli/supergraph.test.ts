import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { policyFromJson } from '../../schema/policy-json.ts';
import { subgraphNames } from '../../scripts/subgraphs.ts';
import { hub, hubHere } from './hub-command.ts';

describe('hub supergraph print', { timeout: 120_000 }, () => {
  it('prints the SDL that all subgraphs compose to, and where each answers', async () => {
    const population = 'http://127.0.0.1:4101/graphql';
    const { code, stdout } = await hub(['supergraph', 'print'], { HUB_SUBGRAPH_POPULATION_URL: population });
    expect(code).toBe(0);
    const schema = buildSchema(stdout);
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toContain('personByResidentNumber');
    for (const name of subgraphNames())
      expect(stdout).toContain(`name: "${name}", url: "${name === 'population' ? population : `local:${name}`}"`);
  });

  it('prints the policy table as JSON that can be read back', async () => {
    const { code, stdout } = await hubHere(['supergraph', 'print', '--policy']);
    expect(code).toBe(0);
    expect(policyFromJson(stdout).items.get('Person.residentNumber')).toMatchObject({
      owner: 'public-security',
      class: 'CONDITIONAL',
      mask: 'RESIDENT_NUMBER',
    });
  });
});
