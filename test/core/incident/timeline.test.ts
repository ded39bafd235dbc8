import { array, assert, date, property, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeTimeline } from '../../../src/core/compose/timeline.ts';
import { timelineOf } from '../../../src/core/incident/timeline.ts';
import { renderUpdate } from '../../../src/templates/render.ts';
import { event, instant, wholeRecord } from '../../fixtures/record.ts';

const everything = { group: null, since: null };
const now = '2025-09-16T00:31:00.000Z';

const rowsOf = (markdown: string) =>
  markdown.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| UTC'));
const rendered = (record = wholeRecord, filter: Parameters<typeof timelineOf>[1] = everything) =>
  renderUpdate(composeTimeline({ record, filter, now, version: '0.1.0' }));

describe('the timeline', () => {
  test('is in the order in which it happened, with who, what, evidence or link, and both times where they differ', () => {
    expect(rowsOf(rendered()).slice(1)).toMatchInlineSnapshot(`
      [
        "| 2025-09-15 17:05, recorded 18:20 | \`bob\` | “bad: nobody watched the connector” | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-6) |",
        "| 17:09, recorded 17:16 | Sitrep | **The failure began**, as the readings tell | E3 |",
        "| 17:12, recorded 17:16 | – | \`backend\`: revision \`00750-69k\` changed \`env.DATABASE_TIMEOUT\` from \`75.0\` to \`15.0\` | E95 |",
        "| 17:15 | \`carol\` | **Declared** P0, by a label | record |",
        "| 17:16 | Sitrep | Cause found, **probable**: VPC connector saturated (\`connector\`) | E70 |",
        "| 17:16 | Sitrep | Update posted: declare | record |",
        "| 17:21 | \`alice\` | Acknowledged | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-1) |",
        "| 17:21 | \`alice\` | Lead: \`alice\` | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-1) |",
        "| 17:25 | \`carol\` | Impact: “40 customers cannot log in &#64;​everyone” | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-2) |",
        "| 17:30 | \`alice\` | Action 2: Shift \`backend\` to 00749-6tr, owner \`bob\`, due 15 Sep 18:00 | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-3) |",
        "| 17:31 | \`alice\` | Action 3: Larger connector machines, due 15 Sep 18:30 | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-3) |",
        "| 17:38 | \`alice\` | **Stage mitigating** | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-4) |",
        "| 17:40 | \`bob\` | Done, action 2: Shift \`backend\` to 00749-6tr | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-5) |",
        "| 18:21 | \`alice\` | “well: the runbook was right” | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-7) |",
        "| 19:19 | Sitrep | Update posted: checkpoint | record |",
        "| 19:20 | Sitrep | **Escalated** to \`google-support\` by the rule \`provider\` | record |",
        "| 19:40 | \`alice\` | Handoff to \`bob\` | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-8) |",
        "| 19:50 | \`bob\` | Handoff accepted | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-9) |",
        "| 20:00 | \`bob\` | **Not resolved**: Chat connections are accepted, failing; 30 minutes of traffic practically without errors, unknown | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-10) |",
        "| 20:10 | Sitrep | \`auth\` recovered, was failing | E120, E121 |",
        "| 20:15 | \`bob\` | **Stage monitoring** | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-11) |",
        "| 16 Sep 00:30 | \`erin\` | **Resolved**, **overridden** over Chat connections are accepted: “chat is off on purpose this week” | [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-12) |",
      ]
    `);
  });

  test('leads with the times that count', () => {
    expect(rendered().split('\n').slice(0, 2)).toMatchInlineSnapshot(`
      [
        "### 🕑 Timeline, 00:31 UTC, P0 resolved",
        "Began 15 Sep 17:09; declared 15 Sep 17:15, 6 min later; acknowledged 15 Sep 17:21, 6 min after the declaration, by \`alice\`; mitigated 15 Sep 20:15, 3 h after the declaration; resolved 00:30, 7 h 15 min after the declaration, by \`erin\` (record)",
      ]
    `);
  });

  test('leaves out the actions of the plan, and counts them in the numbers of the others', () => {
    const rows = rowsOf(rendered()).join('\n');
    expect(rows).not.toContain('Check the connector');
    expect(rows).toContain('Action 2: Shift');
  });

  test.each([
    ['changes', ['change']],
    ['people', ['note', 'acknowledged', 'lead', 'declared', 'resolved']],
    ['sitrep', ['began', 'cause', 'updated', 'component-state']],
  ] as const)('of %s holds only those', (group, kinds) => {
    const shown = timelineOf(wholeRecord, { group, since: null });
    const told = new Set<string>(shown.map(({ event: { body } }) => body.kind));
    expect([...told]).toEqual(expect.arrayContaining([...kinds]));
    const others = (['changes', 'people', 'sitrep'] as const).filter((other) => other !== group);
    const rest = others.flatMap((other) => timelineOf(wholeRecord, { group: other, since: null }));
    expect(shown.length + rest.length).toBe(timelineOf(wholeRecord).length);
  });

  test('since a time holds what happened then or later, whenever it was recorded', () => {
    const shown = timelineOf(wholeRecord, { group: null, since: instant('20:00') });
    expect(shown.map(({ event: { body } }) => body.kind)).toEqual([
      'resolve-refused',
      'component-state',
      'stage',
      'resolved',
    ]);
  });

  test('of an empty record says so', () => {
    expect(rendered([])).toContain('Nothing of the kind is on record.');
  });

  test('of 1,000 long entries shows the newest that fit', () => {
    const many = Array.from({ length: 1_000 }, (_, minute) =>
      event(new Date(Date.parse(instant('17:15')) + minute * 60_000).toISOString(), {
        kind: 'note',
        text: `${String(minute)} ${'*'.repeat(700)}`,
      }),
    );
    const markdown = rendered(many);
    expect(markdown.length).toBeLessThanOrEqual(60_000);
    const rows = rowsOf(markdown).slice(1);
    expect(rows.at(-1)).toContain('“999 ');
    expect(markdown).toContain(`… ${String(1_000 - rows.length)} earlier entries`);
  });
});

const anyEvent = tuple(
  date({ min: new Date('2025-01-01'), max: new Date('2026-01-01'), noInvalidDate: true }),
  string(),
).map(([at, text]) => event(at.toISOString(), { kind: 'note', text }, { by: 'kim' }));

test('no event is lost or told twice, and none comes before an earlier one', () => {
  assert(
    property(array(anyEvent, { maxLength: 50 }), (record) => {
      const told = timelineOf(record).map((entry) => entry.event);
      expect(told.map(({ key }) => key).toSorted()).toEqual(record.map(({ key }) => key).toSorted());
      for (const [index, { at }] of told.entries()) expect(at >= (told[index - 1]?.at ?? at)).toBe(true);
    }),
  );
});
