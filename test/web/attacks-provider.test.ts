import * as client from 'openid-client';
import { describe, expect, it } from 'vitest';
import { provider } from '../../web/sign-in/provider.ts';

const CALLBACK = 'https://hub.example/sign-in/callback';
const OPTIONS = { scope: 'openid', audience: 'shuniu' };

function metadata(): client.Configuration {
  const issuer = 'https://identity.example';
  return new client.Configuration({ issuer, authorization_endpoint: `${issuer}/authorize` }, 'hub-pages');
}

describe('a provider that is slow or away', () => {
  it('is asked for its metadata once, however many want to sign in or out meanwhile', async () => {
    let asked = 0;
    let answer: (configuration: client.Configuration) => void = () => undefined;
    const slow = provider(() => {
      asked += 1;
      return new Promise((resolve) => (answer = resolve));
    }, OPTIONS);
    const crowd = Array.from({ length: 50 }, (_, index) =>
      index % 2 === 0 ? slow.leave(CALLBACK) : slow.endSession('https://hub.example/signed-out'),
    );
    expect(asked).toBe(1);
    answer(metadata());
    await Promise.all(crowd);
    await slow.leave(CALLBACK);
    expect(asked).toBe(1);
  });

  it('is asked again by the next visitor after it failed', async () => {
    let asked = 0;
    const away = provider(() => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('no answer')) : Promise.resolve(metadata());
    }, OPTIONS);
    const first = await Promise.allSettled([away.leave(CALLBACK), away.leave(CALLBACK)]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const { to } = await away.leave(CALLBACK);
    expect([to.origin, asked]).toEqual(['https://identity.example', 2]);
  });
});
