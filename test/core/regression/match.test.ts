import { describe, expect, it } from 'vitest';
import { matchEarlier } from '../../../src/core/regression/match.ts';
import { pairsOf, type Pair } from './pairs.fixture.ts';

const same = pairsOf('same', 100);
const similar = pairsOf('similar', 200);
const otherCause = pairsOf('other-cause', 300);
const unrelated = pairsOf('unrelated', 400);
const second = pairsOf('second', 500);
const heldOut = pairsOf('held-out', 600);
const all = [...same, ...similar, ...otherCause, ...unrelated];

function isRegression({ now, earlier }: Pair): boolean {
  return matchEarlier(now, [earlier]).regression !== null;
}

function isMissed(pair: Pair): boolean {
  return pair.kind === 'same' && !isRegression(pair);
}

function isProposed({ now, earlier }: Pair): boolean {
  return matchEarlier(now, [earlier]).similar.length > 0;
}

describe('the pairs', () => {
  it('are at least 48, of every kind', () => {
    expect(all.length).toBeGreaterThanOrEqual(48);
    expect(Math.min(...[same, similar, otherCause, unrelated].map((of) => of.length))).toBeGreaterThanOrEqual(
      9,
    );
  });

  it('give no false regression', () => {
    expect([...similar, ...otherCause, ...unrelated].filter(isRegression).map(({ name }) => name)).toEqual(
      [],
    );
  });

  it('give at least 95 % of the true ones', () => {
    const missed = same.filter((pair) => !isRegression(pair)).map(({ name }) => name);
    expect(missed.length / same.length, missed.join('; ')).toBeLessThanOrEqual(0.05);
  });

  it('propose as similar most that had another cause', () => {
    expect(otherCause.filter(isProposed).length / otherCause.length).toBeGreaterThanOrEqual(0.8);
  });

  it('propose as similar most that look alike, and nothing that has nothing in common', () => {
    expect(similar.filter(isProposed).length / similar.length).toBeGreaterThanOrEqual(0.6);
    expect(unrelated.filter(isProposed).map(({ name }) => name)).toEqual([]);
  });

  it.each(all.map((pair) => [pair.kind, pair.name, pair] as const))(
    '%s: %s: gives scores from 0 to 1',
    (_, __, pair) => {
      const { regression, similar: proposed } = matchEarlier(pair.now, [pair.earlier]);
      for (const match of [...(regression === null ? [] : [regression]), ...proposed])
        for (const part of [match.score, match.signatures, match.components, match.text]) {
          expect(part).toBeGreaterThanOrEqual(0);
          expect(part).toBeLessThanOrEqual(1);
        }
    },
  );
});

describe('pairs that nothing was chosen by', () => {
  const fresh = [...second, ...heldOut];

  it('give no false regression', () => {
    expect(
      fresh.filter((pair) => pair.kind !== 'same' && isRegression(pair)).map(({ name }) => name),
    ).toEqual([]);
  });

  it('give at least 15 of 16 true ones, and 95 % of all', () => {
    expect(fresh.filter(isMissed).map(({ name }) => name)).toEqual([
      'link to the log and the line in quotes',
    ]);
    const every = [...all, ...fresh];
    const share = every.filter(isMissed).length / every.filter(({ kind }) => kind === 'same').length;
    expect(share).toBeLessThanOrEqual(0.05);
  });
});

/** Present incidents against all earlier ones of their repository, as it is in life. */
describe('among all incidents of the repository', () => {
  const byWorld = Map.groupBy(all, ({ world }) => world);

  const among = all.map((pair) => {
    const pairs = byWorld.get(pair.world) ?? [];
    const history = pairs.map(({ earlier }) => earlier);
    const { regression } = matchEarlier(pair.now, history);
    return { ...pair, found: pairs.find(({ earlier }) => earlier.issue === regression?.issue) };
  });

  it('true regressions are found', () => {
    const missed = among.filter(({ kind, found }) => kind === 'same' && found === undefined);
    expect(missed.map(({ name }) => name)).toEqual([]);
  });

  // Several pairs tell of the same outage; what is named is false where its true cause is none of those found now.
  it('no incident of another cause is named', () => {
    const wrong = among.filter(({ now, found }) => found !== undefined && !now.causes.includes(found.was));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });
});
