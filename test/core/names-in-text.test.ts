import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameFinder } from '../../src/core/contradictions/names-in-text.ts';

test('the same names as a search for each finds', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '-', '😀'), minLength: 1, maxLength: 4 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '-', '😀', ' '), maxLength: 40 });
  fc.assert(
    fc.property(fc.array(word), text, (names, where) => {
      const found = nameFinder(names)(where);
      expect([...found].toSorted()).toEqual(
        [...new Set(names)].filter((name) => where.includes(name)).toSorted(),
      );
    }),
  );
});
