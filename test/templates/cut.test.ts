import { describe, expect, test } from 'vitest';
import { composeFiveWhys } from '../../src/core/compose/five-whys.ts';
import { composeHandoff } from '../../src/core/compose/handoff.ts';
import { composeLiving } from '../../src/core/compose/living.ts';
import { composeStatus, type StatusInput } from '../../src/core/compose.ts';
import { isPosting, postingMarker } from '../../src/core/posting-marker.ts';
import type { Update } from '../../src/core/update.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { openRecord } from '../fixtures/record.ts';
import { incident } from '../fixtures/status/incident.ts';

/** What an update says of what was cut from it, and that it is still found as ours. */

const marker = postingMarker('00000000-0000-4000-8000-000000000001');
/** What GitHub takes in one comment. */
const longestComment = 65_536;

const many = incident.snapshot.observations.slice(0, 1).flatMap((sample) =>
  Array.from({ length: 3_000 }, (_, index) => ({
    ...sample,
    id: `E${String(2_000 + index)}`,
    signal: `env.SETTING_${String(index)}`,
    value: 'v'.repeat(60),
  })),
);
const long: StatusInput = {
  ...incident,
  snapshot: {
    ...incident.snapshot,
    observations: [...incident.snapshot.observations, ...many],
    record: [...openRecord],
  },
};

const kinds: [string, Update][] = [
  ['status', composeStatus(long)],
  ['five whys', composeFiveWhys(long)],
  ['living', composeLiving(long)],
  ['handoff', composeHandoff({ ...long, from: 'alice', to: 'bob' })],
];

const notices = (markdown: string): RegExpMatchArray[] => [
  ...markdown.matchAll(/^… and ([\d,]+) more, left out for length: `(\/sitrep [a-z ]+)` posts the whole$/gmu),
];

describe.each(kinds)('%s', (_kind, update) => {
  test('says of each part that is cut how much is missing, and which command posts it', () => {
    const whole = renderUpdate(update, Number.MAX_SAFE_INTEGER);
    const most = Array.from(whole).length;
    const cut = renderUpdate(update, Math.ceil(most * 0.8));
    expect(notices(whole)).toEqual([]);
    expect(notices(cut).length).toBeGreaterThan(0);
    const commands = new Set(notices(cut).map(([, , command]) => command));
    const known = new Set(['/sitrep evidence all', '/sitrep whys', '/sitrep criteria', '/sitrep timeline']);
    expect([...commands].filter((command) => !known.has(command ?? ''))).toEqual([]);
    expect(cut.match(/left out for length/gu)?.length).toBe(notices(cut).length);
  });

  test('is found as ours by its marker, and fits with it', () => {
    const posted = `${renderUpdate(update)}\n\n${marker}`;
    expect(posted.length).toBeLessThanOrEqual(longestComment);
    expect(isPosting(posted)).toBe(true);
    expect(posted.match(/<!-- sitrep:/gu)?.length).toBe(1);
  });
});

test('evidence that is cut is had by the command that posts all', () => {
  const [[, omitted = '', command] = []] = notices(renderUpdate(composeStatus(long))).slice(-1);
  expect(command).toBe('/sitrep evidence all');
  expect(Number(omitted.replaceAll(',', ''))).toBeGreaterThan(2_000);
});
