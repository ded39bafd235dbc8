import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { expect } from 'vitest';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));

/** Where a picture is put that is not the kept one, to be looked at. */
const lookAt = fileURLToPath(new URL('../../node_modules/.cache/sitrep-pictures/', import.meta.url));

/** Share of a picture's pixels that may differ: another processor rounds the edges of letters otherwise. */
const tolerance = 0.002;

/** Bytes of a picture, at most: pages of the documentation are read on a phone too. */
const largest = 200_000;

/**
 * Compares a picture of the page with the one of that name in `docs/images/`. With `SITREP_SCREENSHOTS=write`, as
 * `npm run screenshots` sets it, it takes that one's place instead.
 */
export async function expectKeptPicture(name: string, taken: Buffer): Promise<void> {
  const file = `${folder}${name}.png`;
  if (process.env['SITREP_SCREENSHOTS'] === 'write') {
    const small = written(PNG.sync.read(taken));
    await writeFile(file, small);
    expect(small.length, `${file} is too large`).toBeLessThanOrEqual(largest);
    return;
  }
  const share = shareOfDifference(await readFile(file), taken);
  if (share <= tolerance) return;
  await mkdir(lookAt, { recursive: true });
  await writeFile(`${lookAt}${name}.png`, taken);
  expect.fail(
    `docs/images/${name}.png is not what the page looks like: ${(share * 100).toFixed(1)} % of it differ from ${lookAt}${name}.png; npm run screenshots takes it anew`,
  );
}

/** How much of two pictures differs, 0 to 1; all of it where their sizes do. */
export function shareOfDifference(one: Buffer, other: Buffer): number {
  const [kept, taken] = [PNG.sync.read(one), PNG.sync.read(other)];
  const { width, height } = kept;
  if (width !== taken.width || height !== taken.height) return 1;
  return pixelmatch(kept.data, taken.data, undefined, width, height) / (width * height);
}

/** The upper part of a picture, so many of its pixels high. */
export function upperPart(picture: Buffer, height: number): Buffer {
  const whole = PNG.sync.read(picture);
  const part = new PNG({ width: whole.width, height: Math.min(height, whole.height) });
  PNG.bitblt(whole, part, 0, 0, part.width, part.height, 0, 0);
  return written(part);
}

/** Without transparency and unfiltered: pictures of letters on one colour are smallest so. */
function written(picture: PNG): Buffer {
  return PNG.sync.write(picture, { colorType: 2, filterType: 0, deflateStrategy: 0 });
}
