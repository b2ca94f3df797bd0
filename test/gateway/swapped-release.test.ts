import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Release } from '../../gateway/server.ts';
import { plannedOf, releaseOver } from '../support/release-over.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';

/** Fetches of what is slow that have begun. */
let begun = 0;

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `type Person @key(fields: "id") @sharing(class: UNCONDITIONAL) { id: ID! name: String slow: String }
    type Query { person: Person @sharing(class: UNCONDITIONAL) }`,
  resolvers: {
    Query: { person: () => ({ id: 'p1', name: '张三' }) },
    Person: {
      slow: () => {
        begun += 1;
        return new Promise((resolve) => setTimeout(() => resolve('at last'), 300));
      },
    },
  },
};

let hub: SmallHub;

beforeAll(async () => {
  hub = await smallHub({ subgraphs: [people] });
});
afterAll(() => hub.close());

/** A release that says something else of itself each time. */
function releaseOf(number: number): Release {
  return releaseOver(hub, { ...people, sdl: people.sdl.replace('type Query', `"Release ${number}." type Query`) });
}

function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

describe('a release in the place of another', () => {
  it('finds the operations used last planned already', async () => {
    const query = 'query Planned { person { id name } }';
    await hub.ask(query);
    const release = releaseOf(1);
    const planned = plannedOf(release);
    const swap = await hub.gateway.prepare(release);
    expect(planned.some((text) => text.includes('Planned'))).toBe(true);
    const before = planned.length;
    swap();
    expect((await hub.ask(query)).data).toEqual({ person: { id: 'p1', name: '张三' } });
    expect(planned).toHaveLength(before);
    expect(hub.entries.at(-1)?.release).toBe(release.supergraph.release);
  });

  it('lets requests under way finish on the one they began with', async () => {
    const before = hub.entries.at(-1)?.release;
    const asked = hub.ask('{ person { slow } }');
    await expect.poll(() => begun).toBe(1);
    hub.gateway.replace(releaseOf(2));
    expect((await asked).data).toEqual({ person: { slow: 'at last' } });
    expect(hub.entries.at(-1)?.release).toBe(before);
  });

  it('is freed when it has been replaced, the last one at the latest with the next', async () => {
    const gone: WeakRef<object>[] = [];
    for (let number = 3; number < 9; number += 1) {
      const swap = await hub.gateway.prepare(releaseOf(number));
      swap();
      await hub.ask('{ person { id name } }');
      const served = releaseOf(number + 100);
      gone.push(new WeakRef(served.supergraph));
      hub.gateway.replace(served);
      await hub.ask('{ person { name } }');
    }
    hub.gateway.replace(releaseOf(99));
    await hub.ask('{ person { name } }');
    await expect
      .poll(
        () => {
          collect();
          return gone.filter((each) => each.deref() !== undefined).length;
        },
        { timeout: 5_000 },
      )
      .toBeLessThan(2);
  });
});
