import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { outputTo } from '../../src/cli/stream.ts';

/** A stream that fails with a code of the operating system from the `from`th write on. */
function streamThat(fails: { code: string; from: number } | null) {
  const written: string[] = [];
  let count = 0;
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      count += 1;
      if (fails !== null && count >= fails.from) {
        done(Object.assign(new Error(`write ${fails.code}`), { code: fails.code }));
        return;
      }
      written.push(chunk);
      done();
    },
  });
  return { stream, written };
}

test('writes, and says when all is out', async () => {
  const { stream, written } = streamThat(null);
  const output = outputTo(stream);
  output.write('a');
  output.write('b');
  expect(await output.flushed()).toBeNull();
  expect(written.join('')).toBe('ab');
});

test('a reader that has gone is no fault; what comes after is dropped', async () => {
  const { stream, written } = streamThat({ code: 'EPIPE', from: 2 });
  const output = outputTo(stream);
  output.write('a');
  output.write('b');
  output.write('c');
  expect(await output.flushed()).toBeNull();
  output.write('d');
  expect(await output.flushed()).toBeNull();
  expect(written).toEqual(['a']);
});

test('another failure is given', async () => {
  const { stream } = streamThat({ code: 'ENOSPC', from: 1 });
  const output = outputTo(stream);
  output.write('a');
  expect(await output.flushed()).toMatchObject({ message: 'write ENOSPC' });
});
