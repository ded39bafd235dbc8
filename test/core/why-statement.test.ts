import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { causeIds, isCauseId } from '../../src/core/causes.ts';
import { readWhy } from '../../src/core/why-statement.ts';
import type { WhyReading } from '../../src/core/why-statement.ts';

const components = ['backend', 'db', 'config-service'];

describe('what is understood', () => {
  test.each<[text: string, why: object]>([
    ['add the pool was halved on Friday', { act: 'add', reason: 'the pool was halved on Friday' }],
    ['ACCEPT config-drift', { act: 'accept', cause: 'config-drift', reason: '' }],
    [
      'refute config-drift backend we rolled it back',
      { act: 'refute', cause: 'config-drift', component: 'backend', reason: 'we rolled it back' },
    ],
    [
      '  Refute   CONFIG-DRIFT\t`Backend`:   no change ',
      { act: 'refute', cause: 'config-drift', component: 'backend', reason: 'no change' },
    ],
    [
      'refute config drift backend',
      { act: 'refute', cause: 'config-drift', component: 'backend', reason: '' },
    ],
    ['accept out_of_memory', { act: 'accept', cause: 'out-of-memory', reason: '' }],
    [
      'accept VPC connector saturated, db it is full',
      { act: 'accept', cause: 'vpc-connector-saturated', component: 'db', reason: 'it is full' },
    ],
    [
      'refute config-drift the backend is unchanged',
      { act: 'refute', cause: 'config-drift', reason: 'the backend is unchanged' },
    ],
    [
      'refute crash-on-start config-service',
      { act: 'refute', cause: 'crash-on-start', component: 'config-service', reason: '' },
    ],
    ['refute "config-drift" (db)', { act: 'refute', cause: 'config-drift', component: 'db', reason: '' }],
  ])('%j', (text, why) => {
    expect(readWhy(text, components)).toEqual({ why });
  });
});

describe('what is not, with what to write', () => {
  const usage =
    'write `why add TEXT`, `why accept CAUSE [COMPONENT] [REASON]` or `why refute CAUSE [COMPONENT] [REASON]`';
  test.each<[text: string, error: string]>([
    ['', usage],
    ['   ', usage],
    ['reject config-drift', `there is no \`why reject\`; ${usage}`],
    ['`', `there is no \`why \`; ${usage}`],
    ['add', 'say what was found: `why add TEXT`'],
    ['accept', 'say which cause: `why accept CAUSE [COMPONENT] [REASON]`'],
    ['refute', 'say which cause: `why refute CAUSE [COMPONENT] [REASON]`'],
    ['refute config-drfit', 'there is no cause config-drfit; did you mean config-drift?'],
    [
      'refute weather',
      `there is no cause weather; there is ${causeIds.filter((id) => id !== 'unknown').join(', ')}`,
    ],
    [
      'accept unknown',
      `there is no cause unknown; there is ${causeIds.filter((id) => id !== 'unknown').join(', ')}`,
    ],
    [
      'accept constructor',
      `there is no cause constructor; there is ${causeIds.filter((id) => id !== 'unknown').join(', ')}`,
    ],
  ])('%j', (text, error) => {
    expect(readWhy(text, components)).toEqual({ error });
  });
});

/** About what exists, or saying what to write. */
function isSound(reading: WhyReading): boolean {
  if ('error' in reading) return /why|cause/.test(reading.error);
  const { act, cause, component, reason } = reading.why;
  if (reason.length > 500 || !reason.isWellFormed()) return false;
  if (act === 'add') return cause === undefined && component === undefined && reason !== '';
  const exists = isCauseId(cause ?? '') && cause !== 'unknown';
  return exists && (component === undefined || components.includes(component));
}

describe('for every text', () => {
  const word = fc.oneof(
    fc.constantFrom('add', 'accept', 'REFUTE', 'backend', 'db', 'config', 'drift', 'config-drift', '`', '—'),
    fc.string({ maxLength: 12 }),
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
  );

  it('comes a statement about what exists, or an error that says what to write', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(isSound(readWhy(text, components))).toBe(true);
      }),
    );
  });

  it('what is written as it is meant is understood, in any case and with any spaces', () => {
    const spaces = fc.constantFrom(' ', '  ', '\t', ' \n ');
    fc.assert(
      fc.property(
        fc.constantFrom('accept' as const, 'refute' as const),
        fc.constantFrom(...causeIds.filter((id) => id !== 'unknown')),
        fc.option(fc.constantFrom(...components), { nil: undefined }),
        fc.constantFrom('', 'since Friday it is another one'),
        spaces,
        fc.boolean(),
        (act, cause, component, reason, space, upper) => {
          const cased = (text: string): string => (upper ? text.toUpperCase() : text);
          const words = [
            cased(act),
            cased(cause),
            ...(component === undefined ? [] : [cased(component)]),
            reason,
          ];
          const why = { act, cause, ...(component === undefined ? {} : { component }), reason };
          expect(readWhy(words.join(space), components)).toEqual({ why });
        },
      ),
    );
  });
});
