import { describe, expect, test } from 'vitest';
import { composePostmortem, type PostmortemInput } from '../../src/core/compose/postmortem.ts';
import type { EventBody } from '../../src/core/incident/events.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { event, instant, openRecord, wholeRecord } from '../fixtures/record.ts';
import { configuration, incident } from '../fixtures/status/incident.ts';

const input: PostmortemInput = {
  issue: 1278,
  title: 'Staging login and chat down',
  configuration,
  record: wholeRecord,
  telling: { snapshot: incident.snapshot, diagnosis: incident.diagnosis },
  now: '2025-09-16T09:00:00Z',
  failure: null,
  as: 'comment',
  version: '0.1.0',
};
const rendered = (changed: Partial<PostmortemInput> = {}) =>
  renderUpdate(composePostmortem({ ...input, ...changed }));

/** A part of the document by its heading, without empty lines. */
const part = (markdown: string, heading: string) =>
  (markdown.split(/^## /mu).find((text) => text.startsWith(`${heading}\n`)) ?? '')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');

describe('a postmortem', () => {
  test('has its parts in order', () => {
    expect(rendered().match(/^#+ .*$/gmu)).toMatchInlineSnapshot(`
      [
        "# Postmortem: #1278, Staging login and chat down",
        "## Summary",
        "## Impact",
        "## Times",
        "## Why it happened",
        "## What went well",
        "## What went wrong",
        "## Action items",
        "## Contradictions",
        "## Timeline",
        "## Evidence and sources",
      ]
    `);
  });

  test('says what it was, in short, with cause and who led', () => {
    expect(part(rendered(), 'Summary')).toMatchInlineSnapshot(`
      [
        "- **P0**, declared 2025-09-15 17:15 UTC, resolved 2025-09-16 00:30 by \`erin\` after 7 h 15 min (record)",
        "- **Cause, probable:** \`connector\` runs 10 of 10 instances since 17:07, and \`auth\` and \`backend\` time out through it (E76, E81, E83)",
        "- **Worsened by:** \`backend\`: \`00750-69k\` changed \`env.DATABASE_TIMEOUT\` from \`75.0\` to \`15.0\` at 17:12 UTC, and connecting takes 31.4 s (E77, E78, E95)",
        "- **Led by:** \`alice\`, then \`bob\`",
      ]
    `);
  });

  test('shows impact as measured by the record and as stated, with author and time', () => {
    expect(part(rendered(), 'Impact')).toMatchInlineSnapshot(`
      [
        "- Users were affected for 3 h 6 min, 2025-09-15 17:09 to 2025-09-15 20:15 UTC (record)",
        "- “40 customers cannot log in &#64;​everyone” (stated, [carol at 2025-09-15 17:25](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-2))",
        "- “&#36;500K+ ARR chat functionality offline in staging” (stated, sitrep.yml)",
      ]
    `);
  });

  test('shows its times with dates and where they come from', () => {
    expect(part(rendered(), 'Times').slice(2)).toMatchInlineSnapshot(`
      [
        "| Began | 2025-09-15 17:09 | – | – | E3 |",
        "| Detected (declared) | 2025-09-15 17:15 | 6 min after it began | \`carol\` | record |",
        "| Acknowledged | 2025-09-15 17:21 | 6 min after the declaration | \`alice\` | record |",
        "| Mitigated | 2025-09-15 20:15 | 3 h after the declaration | – | record |",
        "| Resolved | 2025-09-16 00:30 | 7 h 15 min after the declaration | \`erin\` | record |",
      ]
    `);
  });

  test('tells what went well and wrong from the record, and overrides in bold', () => {
    expect(part(rendered(), 'What went well')).toMatchInlineSnapshot(`
      [
        "- Declared 6 min after the failure began (record)",
        "- Acknowledged 6 min after the declaration (record)",
        "- 1 promised update, none of them late (record)",
        "- “the runbook was right” (stated, [alice at 2025-09-15 18:21](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-7))",
        "- A handoff was accepted by \`bob\` at 2025-09-15 19:50 [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-9) (record)",
      ]
    `);
    expect(part(rendered(), 'What went wrong')).toMatchInlineSnapshot(`
      [
        "- “nobody watched the connector” (stated, [bob at 2025-09-15 17:05](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-6))",
        "- Had to be escalated to \`google-support\` at 2025-09-15 19:20 (record)",
        "- Called resolved while “Chat connections are accepted” failed; “30 minutes of traffic practically without errors” was unknown at 2025-09-15 20:00 [comment](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-10) (record)",
        "- Resolved by an **override** over “Chat connections are accepted”: **“chat is off on purpose this week”** (stated, [erin at 2025-09-16 00:30](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-12))",
        "- Action 3, Larger connector machines, without an owner: open 6 h after it was due (record)",
      ]
    `);
  });

  test('lists what is left to do with its owners, and what was done', () => {
    expect(part(rendered(), 'Action items')).toMatchInlineSnapshot(`
      [
        "- [ ] Larger connector machines; owner **nobody**, due 2025-09-15 18:30, **late** (record)",
        "- [ ] Prevention: Alert on connector throughput; owner **nobody**, next sprint; configured (sitrep.yml)",
        "- [ ] Prevention: Pin DATABASE_TIMEOUT in the deployment pipeline; owner **nobody**, immediate; configured (sitrep.yml)",
        "Done:",
        "- [x] Shift \`backend\` to 00749-6tr; done 2025-09-15 17:40 by \`bob\` (record)",
      ]
    `);
  });

  test('holds the evidence and the sources that its whys cite, and no others', () => {
    const sources = part(rendered(), 'Evidence and sources');
    const rows = sources.filter((line) => line.startsWith('| E'));
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.length).toBeLessThan(incident.snapshot.observations.length);
  });

  test('of an incident that goes on is a draft', () => {
    const markdown = rendered({ record: openRecord });
    expect(markdown).toContain('**Draft**: the incident is not resolved; its stage is mitigating.');
    expect(part(markdown, 'Times')).toContain('| Resolved | not on record | – | – | record |');
  });

  test('without any update tells what the record tells', () => {
    const markdown = rendered({ telling: null });
    expect(markdown).toContain('Nothing was read of the infrastructure in this incident.');
    expect(part(markdown, 'Timeline').length).toBeGreaterThan(10);
  });

  test('says why there is no pull request, and what is new since the one before', () => {
    const before = event('2025-09-16T08:00:00Z', {
      kind: 'postmortem',
      draft: false,
      pull: null,
      path: null,
      failure: null,
    });
    const note = event('2025-09-16T08:10:00Z', { kind: 'note', text: 'late' }, { by: 'bob' });
    const markdown = rendered({ record: [...wholeRecord, before, note], failure: 'GitHub answered 403' });
    expect(markdown).toContain('**No pull request:** GitHub answered 403');
    expect(markdown).toContain('Since the one of 2025-09-16 08:00: 1 new entry on record');
  });

  test('folds its timeline in a comment and not in a document', () => {
    expect(rendered()).toContain('<details><summary>Timeline');
    expect(rendered({ as: 'document' })).not.toContain('<details><summary>Timeline');
  });

  test('is never too long for a comment, and keeps what is above its appendix', () => {
    const notes = Array.from({ length: 400 }, (_, minute) =>
      event(new Date(Date.parse(instant('17:30')) + minute * 60_000).toISOString(), {
        kind: 'note',
        text: '<'.repeat(700),
      }),
    );
    const markdown = rendered({ record: [...wholeRecord, ...notes] });
    expect(markdown.length).toBeLessThanOrEqual(60_000);
    expect(part(markdown, 'Action items').length).toBeGreaterThan(1);
  });

  test('lets no text of people act', () => {
    const note = event('17:45', { kind: 'note', text: 'bad: @all <!-- see #1 -->' }, { by: 'bob' });
    const wrong = part(rendered({ record: [...wholeRecord, note] }), 'What went wrong').join('\n');
    expect(wrong).not.toContain('@all');
    expect(wrong).not.toContain('<!--');
    expect(wrong).not.toContain('#1 ');
  });
});

/** What is judged of an incident with these events. */
const of = (...bodies: [string, EventBody][]) => {
  const record = [
    event('17:15', { kind: 'declared', severity: 'P0', via: 'label' }, { by: 'carol' }),
    ...bodies.map(([at, body]) => event(at, body, { by: 'alice' })),
  ];
  const markdown = rendered({ record, now: instant('23:00') });
  return { well: part(markdown, 'What went well'), wrong: part(markdown, 'What went wrong') };
};

describe('what went well and wrong', () => {
  const checkpoint: EventBody = { kind: 'updated', update: 'checkpoint', posting: 'a' };

  test.each<[string, [string, EventBody][], 'well' | 'wrong', string]>([
    ['quickly acknowledged', [['17:25', { kind: 'acknowledged' }]], 'well', 'Acknowledged 10 min after'],
    ['slowly acknowledged', [['17:55', { kind: 'acknowledged' }]], 'wrong', 'Acknowledged 40 min after'],
    ['never acknowledged', [], 'wrong', 'Nobody acknowledged it'],
    ['quickly detected', [['17:10', { kind: 'began', evidence: ['E1'] }]], 'well', 'Declared 5 min after'],
    ['slowly detected', [['15:15', { kind: 'began', evidence: ['E1'] }]], 'wrong', 'Declared 2 h after'],
    ['promised updates in time', [['19:15', checkpoint]], 'well', '1 promised update, none of them late'],
    [
      'a promised update that was late',
      [
        ['19:45', checkpoint],
        ['21:16', checkpoint],
      ],
      'wrong',
      '1 of 2 promised updates late, by up to 30 min',
    ],
    [
      'a relapse',
      [['20:00', { kind: 'reopened', because: 'relapse', what: 'api fails' }]],
      'wrong',
      'Opened again (relapse): “api fails”',
    ],
    [
      'a regression',
      [
        [
          '17:16',
          {
            kind: 'regression',
            of: 1263,
            score: 0.9,
            lines: [],
            components: [],
            raisedFrom: null,
            raised: false,
          },
        ],
      ],
      'wrong',
      'The same happened before, in #1263',
    ],
    [
      'a rule that cannot be told',
      [['19:00', { kind: 'rule-unknown', rule: 'provider' }]],
      'wrong',
      '`provider`',
    ],
  ])('%s', (_what, bodies, place, text) => {
    const told = of(...bodies);
    expect(told[place].join('\n')).toContain(text);
    expect(told[place === 'well' ? 'wrong' : 'well'].join('\n')).not.toContain(text);
  });

  test('a note that does not say where it belongs is in neither', () => {
    const told = of(['18:00', { kind: 'note', text: 'badly needed: a runbook' }]);
    expect([...told.well, ...told.wrong].join('\n')).not.toContain('runbook');
  });
});
