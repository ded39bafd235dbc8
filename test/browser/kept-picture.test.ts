import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { shareOfDifference, upperPart } from './kept-picture.ts';

/** A white picture with a black square of so many pixels in its upper left corner. */
function picture(width: number, height: number, square = 0): Buffer {
  const png = new PNG({ width, height });
  png.data.fill(255);
  for (let y = 0; y < square; y += 1)
    for (let x = 0; x < square; x += 1) png.data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
  return PNG.sync.write(png);
}

describe('two pictures', () => {
  it.each<[what: string, one: Buffer, other: Buffer, share: number]>([
    ['that are the same', picture(100, 50), picture(100, 50), 0],
    ['with a square on one', picture(100, 50), picture(100, 50, 10), 0.02],
    ['of other sizes', picture(100, 50), picture(100, 51), 1],
  ])('%s', (_what, one, other, share) => {
    expect(shareOfDifference(one, other)).toBe(share);
  });
});

it('the upper part of a picture is that part', () => {
  expect(shareOfDifference(upperPart(picture(100, 50, 10), 20), picture(100, 20, 10))).toBe(0);
  expect(shareOfDifference(upperPart(picture(100, 50), 80), picture(100, 50))).toBe(0);
});
