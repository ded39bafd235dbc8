import { describe, expect, it } from 'vitest';
import { matchEarlier } from '../../../src/core/regression/match.ts';
import { pairsOf } from './pairs.fixture.ts';

const same = pairsOf('same', 100);
const others = [...pairsOf('similar', 200), ...pairsOf('other-cause', 300), ...pairsOf('unrelated', 400)];

describe('the pairs', () => {
  for (const { kind, name, earlier, now } of [...same, ...others])
    it(`${kind}: ${name}`, () => {
      const found = matchEarlier(now, [earlier]);
      const m = found.regression ?? found.similar[0];
      console.log(
        kind,
        '|',
        name,
        '|',
        found.regression ? 'REG' : m ? 'sim' : '-',
        m && [m.score, m.signatures, m.components, m.text, m.shared, m.otherCause],
      );
      expect(found.regression !== null).toBe(kind === 'same');
    });
});
