import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signatureId } from '../../../src/core/regression/comparable.ts';
import {
  earlierIncidentSchema,
  type EarlierIncident,
} from '../../../src/core/regression/earlier-incident.ts';
import { matchEarlier, type Matches } from '../../../src/core/regression/match.ts';
import type { PresentIncident } from '../../../src/core/regression/present-incident.ts';
import { issueReader } from '../../../src/core/regression/read-issue.ts';
import { pairsOf, worlds } from './pairs.fixture.ts';

const pairs = ['same', 'similar', 'other-cause', 'unrelated', 'second', 'held-out'].flatMap((name, at) =>
  pairsOf(name, (at + 1) * 100),
);
const history = pairs.map(({ earlier }) => earlier);
const anyPair = fc.constantFrom(...pairs);
const anyOrder = <T>(items: readonly T[]) =>
  fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });

/** Error lines of a program, no two of them alike. */
const lines = Array.from(
  { length: 8 },
  (_, at) => `LedgerError: rule ${'abcdefgh'[at] ?? ''}${'xyzuvwpq'[at] ?? ''}r broken`,
);

function present(own: readonly string[]): PresentIncident {
  return {
    at: '2026-03-02T10:00:00Z',
    issue: 1,
    signatures: own.map((line, at) => ({
      id: signatureId(line),
      line,
      frame: null,
      components: ['backend'],
      count: at + 1,
      evidence: [`E${String(at + 1)}`],
    })),
    chain: ['api', 'backend'],
    causes: [],
    text: 'the ledger is down',
  };
}

function earlierWith(own: readonly string[], components: readonly string[] = ['backend']): EarlierIncident {
  return {
    issue: 7,
    title: 'ledger',
    url: 'https://github.com/acme/chat/issues/7',
    openedAt: '2026-01-01T00:00:00Z',
    closedAt: '2026-01-02T00:00:00Z',
    labels: [],
    signatures: own.map((line) => ({ id: signatureId(line), line, frame: null })),
    components: [...components],
    cause: null,
    text: 'the ledger was down',
    source: 'recorded',
  };
}

function matchesOf({ regression, similar }: Matches) {
  return regression === null ? similar : [regression, ...similar];
}

function withSortedLines(found: Matches) {
  return matchesOf(found).map(({ lines: shared, ...rest }) => ({
    ...rest,
    lines: shared.map(({ line }) => line).toSorted(),
  }));
}

describe('matching', () => {
  it('does not depend on the order of the earlier incidents, nor of the lines', () => {
    fc.assert(
      fc.property(anyPair, anyOrder(history), fc.func(fc.nat()), ({ now }, shuffled, rank) => {
        const turned = { ...now, signatures: now.signatures.toSorted((a, b) => rank(a.id) - rank(b.id)) };
        const plain = matchEarlier(now, history);
        const other = matchEarlier(turned, shuffled);
        expect(withSortedLines(other)).toEqual(withSortedLines(plain));
        expect(other.regression?.issue).toBe(plain.regression?.issue);
      }),
      { numRuns: 60 },
    );
  });

  it('never makes a regression of an incident because there are others', () => {
    fc.assert(
      fc.property(anyPair, fc.subarray(history), ({ now, earlier: one }, others) => {
        fc.pre(matchEarlier(now, [one]).regression === null);
        const { regression } = matchEarlier(now, [one, ...others.filter(({ issue }) => issue !== one.issue)]);
        expect(regression?.issue).not.toBe(one.issue);
      }),
      { numRuns: 100 },
    );
  });

  it('never makes a regression because somebody wrote something else on the issue', () => {
    const chatter = fc.lorem({ mode: 'sentences', maxCount: 5 });
    fc.assert(
      fc.property(anyPair, chatter, ({ now, earlier: one }, more) => {
        fc.pre(matchEarlier(now, [one]).regression === null);
        expect(matchEarlier(now, [{ ...one, text: `${one.text}\n${more}` }]).regression).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  it('scores the more, the more error lines are shared', () => {
    fc.assert(
      fc.property(fc.subarray(lines, { minLength: 1 }), fc.nat(), (own, cut) => {
        const few = own.slice(0, cut % own.length);
        const [less, more] = [few, own].map(
          (had) => matchesOf(matchEarlier(present(lines), [earlierWith(had)]))[0]?.score ?? 0,
        );
        expect(more).toBeGreaterThanOrEqual(less ?? 0);
      }),
    );
  });

  it('gives scores from 0 to 1, and a regression only with a shared line and a shared component', () => {
    const some = fc.subarray(lines);
    const components = fc.subarray(['api', 'backend', 'db', 'connector']);
    fc.assert(
      fc.property(some, some, components, (now, then, named) => {
        const found = matchEarlier(present(now), [earlierWith(then, named)]);
        for (const { score } of matchesOf(found)) expect(score >= 0 && score <= 1).toBe(true);
        const shares = now.some((line) => then.includes(line));
        expect(found.regression !== null).toBe(
          shares && named.some((id) => id === 'api' || id === 'backend'),
        );
      }),
    );
  });

  it('takes a line for widespread that many incidents had elsewhere, and few on this way', () => {
    const [line = ''] = lines;
    const here = earlierWith([line]);
    const elsewhere = [8, 9, 10].map((issue) => ({ ...earlierWith([line], ['frontend']), issue }));
    expect(matchEarlier(present([line]), [here, ...elsewhere.slice(1)]).regression?.issue).toBe(7);
    expect(matchEarlier(present([line]), [here, ...elsewhere]).regression).toBeNull();
  });

  it('names of several the one with the highest score, then the one closed last', () => {
    const older = earlierWith(lines.slice(0, 2));
    const newer = { ...older, issue: 8, closedAt: '2026-02-01T00:00:00Z' };
    const weaker = {
      ...newer,
      issue: 9,
      signatures: older.signatures.slice(0, 1),
      closedAt: '2026-02-20T00:00:00Z',
    };
    expect(matchEarlier(present(lines), [weaker, older, newer]).regression?.issue).toBe(8);
  });
});

describe('reading an issue', () => {
  it('takes any text, and gives what the store takes back', () => {
    const pieces = fc.constantFrom(
      '```\n',
      '~~~',
      '> ',
      '    ',
      '<!--',
      '-->',
      '#12 ',
      '`a b`',
      '{"message":"x y"}',
      '\n\n',
      '\u0000',
    );
    const text = fc
      .array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 30 })
      .map((parts) => parts.join(''));
    const read = Object.values(worlds).map(issueReader);
    fc.assert(
      fc.property(
        text,
        fc.array(text, { maxLength: 3 }),
        fc.constantFrom(...read),
        (body, comments, reader) => {
          const found = reader({
            issue: 5,
            title: body.slice(0, 50),
            url: 'https://github.com/acme/chat/issues/5',
            openedAt: '2026-01-01T00:00:00Z',
            closedAt: null,
            labels: [],
            body,
            comments: comments.map((said) => ({ at: '2026-01-01T01:00:00Z', text: said })),
          });
          expect(earlierIncidentSchema.parse(found)).toEqual(found);
        },
      ),
    );
  });
});
