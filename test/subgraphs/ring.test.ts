import { describe, expect, it } from 'vitest';
import { readRing } from '../../subgraphs/geospatial/ring.ts';

type Ring = readonly (readonly [number, number])[];

const read = (ring: Ring) => readRing(ring.map(([longitude, latitude]) => ({ longitude, latitude })));
const square = (size: number): Ring => [
  [101, 25],
  [101 + size, 25],
  [101 + size, 25 + size],
  [101, 25 + size],
  [101, 25],
];

describe('the ring of an area', () => {
  it('is read as positions of longitude and latitude', () => {
    expect(read(square(0.1))).toEqual(square(0.1));
    expect(read(square(1))).toHaveLength(5);
  });

  const star: Ring = [
    [101, 25],
    [101.1, 25.1],
    [101.2, 25],
    [101.1, 25.05],
    [101, 25],
  ];
  it('may be hollow', () => {
    expect(read(star)).toEqual(star);
  });

  const refused: [string, Ring, RegExp][] = [
    ['is not closed', square(0.1).slice(0, 4), /is not closed/],
    [
      'crosses itself',
      [
        [101, 25],
        [101.1, 25.1],
        [101.1, 25],
        [101, 25.1],
        [101, 25],
      ],
      /edges 0 and 2/,
    ],
    [
      'runs back over itself',
      [
        [101, 25],
        [101.2, 25],
        [101.1, 25],
        [101.1, 25.1],
        [101, 25],
      ],
      /edges 0 and 1/,
    ],
    [
      'runs back over its beginning',
      [
        [101, 25],
        [101.2, 25],
        [101.2, 25.1],
        [101.1, 25],
        [101, 25],
      ],
      /crosses or touches/,
    ],
    [
      'has no area',
      [
        [101, 25],
        [101.1, 25],
        [101.2, 25],
        [101, 25],
      ],
      /crosses or touches itself/,
    ],
    [
      'repeats a position',
      [
        [101, 25],
        [101, 25],
        [101.1, 25],
        [101.1, 25.1],
        [101, 25],
      ],
      /edges 0 and 0/,
    ],
    [
      'touches itself in a corner',
      [
        [101, 25],
        [101.1, 25.1],
        [101.2, 25],
        [101.2, 25.2],
        [101.1, 25.1],
        [101, 25.2],
        [101, 25],
      ],
      /crosses or touches itself/,
    ],
    ['has three positions', square(0.1).slice(0, 3), /has 3 positions/],
    [
      'has more than a thousand',
      Array.from({ length: 1_001 }, () => [101, 25] as const),
      /has 1001 positions. Give 4 to 1000/,
    ],
    ['spans half the country', square(1.5), /wider than 1 degree/],
    [
      'leaves the globe',
      [
        [181, 25],
        [182, 25],
        [182, 26],
        [181, 25],
      ],
      /^polygon\[0\]: .+-180 to 180/,
    ],
  ];
  it.each(refused)('is refused where it %s', (_, ring, sentence) => {
    expect(() => read(ring)).toThrow(sentence);
  });
});
