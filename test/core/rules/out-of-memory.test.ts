import { describe, expect, it } from 'vitest';
import type { Seen } from '../diagnose.fixture.ts';
import { soundDiagnosis, readAloud, without } from './asked.fixture.ts';
import { authFails, counted, older, says, serving, told, whyNot } from './told.fixture.ts';

const asked = { cause: 'out-of-memory', component: 'auth' };

const text = 'Memory limit of 512 MiB exceeded with 538 MiB used. Consider increasing the memory limit.';
const lost =
  'The request failed because either the HTTP response was malformed or connection to the instance had an error.';

function ended(count = 40, more: Parameters<typeof counted>[2] = {}): Seen {
  return counted('memory.exceeded', count, { text, ...more });
}

const limit: Seen = ['auth', 'limit.memory', '512Mi', { revision: serving }];
const atOnce = (requests: string): Seen => ['auth', 'concurrency', requests, { revision: serving }];

const all: Seen[] = [...authFails(), ended(), counted('terminated.9', 40), limit];

describe('out-of-memory', () => {
  const table: [what: string, seen: Seen[], verdict: string][] = [
    ['is confirmed by all of its evidence', all, 'confirmed'],
    [
      'is confirmed by the ends alone, where they make most of the 5xx',
      [...authFails(), ended()],
      'confirmed',
    ],
    [
      'is confirmed by the lines of the log, where the ends are not counted',
      [...authFails(), ...says(text)],
      'confirmed',
    ],
    [
      'is confirmed by starts that do not become ready for it',
      [...authFails(), ended(30), ['auth', 'starts', '40'], ['auth', 'starts.ready', '2']],
      'confirmed',
    ],
    [
      'is confirmed where each end takes the requests of its instance with it',
      [...authFails(), ended(6), ...says(lost, 34), atOnce('8')],
      'confirmed',
    ],
    [
      'is probable where nothing dates the ends',
      [...authFails(), ['auth', 'memory.exceeded', '40', { text }]],
      'probable',
    ],
    ['is not told by a kill alone', [...authFails(), counted('terminated.9', 40)], 'unknown: untested'],
    ['is not told where 5xx were not counted', without(all, 'auth', 'requests.5xx'), 'unknown: weaker'],
    [
      'is not told by the ends of less than half of the failures',
      [...authFails(), ended(18)],
      'unknown: weaker',
    ],
    [
      'is not told by one end beside requests that go on losing their instance',
      [...authFails(), ended(1, { until: '17:20:10' }), ...says(lost, 39), atOnce('80')],
      'unknown: weaker',
    ],
    [
      'is not told by fewer ends than could take so many requests with them',
      [...authFails(), ended(2), ...says(lost, 38), atOnce('8')],
      'unknown: weaker',
    ],
    [
      'counts one request for each end where it was not read how many an instance serves',
      [...authFails(), ended(15), ...says(lost, 25)],
      'unknown: weaker',
    ],
    [
      'is refuted where requests were lost before the first end',
      [...authFails(), ended(10, { since: '17:40:00' }), ...says(lost, 30), atOnce('80')],
      'unknown: refuted',
    ],
    [
      'is not told by ends of a revision that is no longer in use',
      [...authFails(), ended(40, { revision: older })],
      'unknown: weaker',
    ],
    [
      'is not told by lines of a revision that is no longer in use',
      [...authFails(), ...says(text, 40, { revision: older })],
      'unknown: weaker',
    ],
    [
      'is not told by a new revision that takes no requests, while the one before serves and fails',
      [...authFails(), ['auth', 'revision.created', 'auth-3'], ended(40, { revision: 'auth-3' })],
      'unknown: weaker',
    ],
    [
      'is refuted where the failures are older',
      [...authFails(), ended(40, { since: '17:40:00' })],
      'unknown: refuted',
    ],
    ['is refuted by a log without such an end', [...authFails(), ...says('Boom')], 'unknown: refuted'],
  ];

  it.each(table)('%s', (_what, seen, verdict) => {
    expect(told(asked, seen)).toBe(verdict);
  });

  it('reads as its whys', () => {
    expect(readAloud(soundDiagnosis(asked, all))).toMatchInlineSnapshot(`
      [
        "Why is the golden path blocked? Because \`login\` answers 503 in 900 ms.",
        "Why does \`login\` answer 503? Because \`auth\`, on which it depends, fails (40 of 60 requests 5xx, memory limit exceeded 40 times, 40 ended by signal 9).",
        "Why does \`auth\` fail? Because its containers are ended at their memory limit of \`512Mi\`, 40 times (\`Memory limit of 512 MiB exceeded with 538 MiB used. Consider increasing the memory limit.\`).",
      ]
    `);
  });

  it('says what is not shown of it', () => {
    expect(whyNot(asked, [...authFails(), ended(18)])).toMatchInlineSnapshot(
      `"its containers are ended at their memory limit, 18 times (\`Memory limit of 512 MiB exceeded with 538 MiB used. Consider increasing the memory limit.\`), but most of its 5xx have another reason"`,
    );
    expect(whyNot(asked, without(all, 'auth', 'requests.5xx'))).toMatchInlineSnapshot(
      `"its containers are ended at their memory limit of \`512Mi\`, 40 times (\`Memory limit of 512 MiB exceeded with 538 MiB used. Consider increasing the memory limit.\`), but its 5xx were not counted"`,
    );
  });
});
