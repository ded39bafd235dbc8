import { describe, expect, test } from 'vitest';
import type { Diagnosis, WhyStep } from '../../../src/core/diagnosis.ts';
import { whyChain } from '../../../src/core/diagrams/why-chain.ts';
import { say } from '../../../src/core/text.ts';
import { labelText } from '../../../src/templates/mermaid-label.ts';
import { diagnosis as fixture } from '../../fixtures/status/incident.ts';

const step = (question: string, answer: string, rest: Partial<WhyStep> = {}): WhyStep => ({
  question,
  answer,
  effect: { component: 'api', signal: 'status' },
  cause: { component: 'db', signal: 'state' },
  edge: 'depends_on',
  evidence: ['E1'],
  share: null,
  confidence: 'confirmed',
  ...rest,
});

function chain(steps: WhyStep[], second: Diagnosis['second'] = null) {
  const root = { cause: 'x', component: 'db', verdict: 'confirmed' as const };
  return whyChain({ diagnosis: { chain: steps, root, second }, causeOf: () => say`root cause` });
}

const drawn = (found: ReturnType<typeof chain>): string[] =>
  found?.nodes.map(({ lines, tone }) => `${tone}: ${lines.map((line) => labelText(line)).join(' / ')}`) ?? [];

test('leads from the effect to the cause, each why with its number in the list', () => {
  const found = chain([
    step('Why is the buy journey blocked?', 'Because `api` answers 503 in 4.2 s.'),
    step('Why does `api` answer 503?', 'Because `db`, on which it depends, fails (MAINTENANCE).', {
      confidence: 'probable',
    }),
  ]);
  expect(drawn(found)).toEqual([
    'plain: Why is the buy journey blocked?',
    'plain: 1. api answers 503 in 4.2 s',
    'failing: 2. db fails (MAINTENANCE) / root cause',
  ]);
  expect(
    found?.edges.map(({ from, to, line, words }) => [
      from,
      to,
      line,
      words === null ? null : labelText(words),
    ]),
  ).toEqual([
    ['effect 1', 'why 1', 'solid', null],
    ['why 1', 'why 2', 'dotted', 'probable'],
  ]);
});

test('ends in what is unknown, without a cause', () => {
  const found = chain([
    step('Why?', 'Unknown – this query would decide: what `api` logs.', {
      cause: null,
      confidence: 'unknown',
    }),
  ]);
  expect(drawn(found)).toEqual([
    'plain: Why?',
    'unknown: 1. Unknown – this query would decide: what api logs',
  ]);
  expect(found?.nodes.some(({ marked }) => marked)).toBe(false);
});

test('a second cause has a column of its own, and its numbers go on', () => {
  const root = { cause: 'y', component: 'key', verdict: 'probable' as const };
  const found = chain([step('Why a?', 'Because `b` fails.')], {
    root,
    chain: [step('Why c?', 'Because `key` is off.')],
  });
  expect(drawn(found)).toEqual([
    'plain: Why a?',
    'failing: 1. b fails / root cause',
    'plain: Why c?',
    'failing: 2. key is off / root cause',
  ]);
  expect(found?.edges.map(({ from, to }) => `${from} → ${to}`)).toEqual([
    'effect 1 → why 1',
    'effect 2 → why 2',
  ]);
});

describe('a long answer is cut between words, so that no figure is cut', () => {
  test.each([
    ['within a figure', `${'a '.repeat(38)}1234567 more`, `${'a '.repeat(38).trim()} …`],
    ['behind a comma', `${'word '.repeat(15)}end, 12345 and more`, `${'word '.repeat(15)}end …`],
    ['one word alone', 'x'.repeat(200), `${'x'.repeat(80)} …`],
  ])('%s', (_where, answer, short) => {
    expect(drawn(chain([step('Why?', answer)]))[1]).toBe(`failing: 1. ${short} / root cause`);
  });
});

test('there is no picture without a chain', () => {
  expect(chain([])).toBeNull();
});

test('the chain of the fixture ends in unknown', () => {
  const found = whyChain({ diagnosis: fixture, causeOf: () => say`root cause` });
  expect(found?.nodes.at(-1)?.tone).toBe('unknown');
  expect(found?.edges).toHaveLength(fixture.chain.length);
});
