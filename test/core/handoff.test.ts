import { describe, expect, test } from 'vitest';
import { composeHandoff } from '../../src/core/compose/handoff.ts';
import { composeStatus } from '../../src/core/compose.ts';
import type { IncidentEvent } from '../../src/core/incident/events.ts';
import { stateOf } from '../../src/core/incident/state.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { event, openRecord } from '../fixtures/record.ts';
import { configuration, incident } from '../fixtures/status/incident.ts';

const rendered = (record: readonly IncidentEvent[] = openRecord, owners: Record<string, string> = {}) =>
  renderUpdate(
    composeHandoff({
      ...incident,
      configuration: {
        ...configuration,
        components: Object.fromEntries(
          Object.entries(configuration.components).map(([id, component]) => [
            id,
            owners[id] === undefined ? component : { ...component, owner: owners[id] },
          ]),
        ),
      },
      snapshot: { ...incident.snapshot, record: [...record] },
      from: 'alice',
      to: 'bob',
    }),
  );

/** The rows of a folded part. */
const rows = (markdown: string, summary: string) =>
  (markdown.split('<summary>').find((text) => text.startsWith(summary)) ?? '')
    .split('</details>')[0]
    ?.split('\n')
    .filter((line) => line.startsWith('- ')) ?? [];

describe('a handoff', () => {
  test('says who hands over to whom, how it stands, and notifies whoever is meant alone', () => {
    const markdown = rendered();
    expect(markdown.split('\n').slice(0, 4)).toMatchInlineSnapshot(`
      [
        "### 🤝 Handoff to \`bob\`, 18:05 UTC: P0 mitigating",
        "\`alice\` hands over to @bob. Open until \`bob\` writes \`/sitrep accept\`.",
        "**Broken:** \`auth\` 5xx 21/22 (E63, E64); \`backend\` 5xx 14/15 (E65, E66); \`api\` 503 in 7.2 s (E90, E91) and 1 more; golden path stops at \`auth\`. Up: 1/3 services (E57, E61, E62). Unknown: \`chat\`, \`region\` (E93, E94)",
        "**Affected:** “40 customers cannot log in &#64;​everyone” (stated, [carol at 17:25](https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-2))",
      ]
    `);
    expect(markdown.match(/(?<![\w`])@[a-z]+/g)).toEqual(['@bob']);
  });

  test('lists what is open with owner and time, and what is done by whom', () => {
    expect(rows(rendered(), 'Open: ')).toMatchInlineSnapshot(`
      [
        "- **3** Larger connector machines: **nobody**, due 18:30 (record)",
        "- **1** Check the connector: **nobody**, of the plan: Infrastructure diagnostic (record)",
      ]
    `);
    expect(rows(rendered(), 'Done: ')).toMatchInlineSnapshot(`
      [
        "- **2** Shift \`backend\` to 00749-6tr: \`bob\`, 17:40 (record)",
      ]
    `);
  });

  test('tells who owns what, what is broken with its state and evidence', () => {
    expect(rows(rendered(openRecord, { auth: 'infra', db: 'google-support' }), 'Who owns what'))
      .toMatchInlineSnapshot(`
      [
        "- **No owner configured**: \`backend\` failing (E59, E65, E66, …), \`connector\` failing (E80, E81, E83, …), \`api\` failing (E90, E91), \`chat\` unknown (E93), \`region\` unknown (E94), 1 OK; configured (sitrep.yml)",
        "- **Infrastructure Team** (primary): \`auth\` failing (E63, E64); configured (sitrep.yml)",
        "- **Google Cloud Support** (provider): 1 OK; configured (sitrep.yml)",
      ]
    `);
  });

  test('tells which share of what is open is application, infrastructure and process, with the parts', () => {
    expect(rows(rendered(), 'Shares')).toMatchInlineSnapshot(`
      [
        "- **Infrastructure** 50 %, 1 of 2 open: VPC connector saturated (\`connector\`) (E76, E81, E83) (record)",
        "- **Process** 50 %, 1 of 2 open: action 3, Larger connector machines, nobody owns it (record)",
      ]
    `);
  });

  test('watches the criteria that do not hold', () => {
    const watched = rows(rendered(), 'To watch: ');
    expect(watched.length).toBeGreaterThan(0);
    expect(watched.join('\n')).not.toContain('✅');
  });

  test('names the handoff that it takes the place of', () => {
    const before = event('17:50', { kind: 'handoff', to: 'kim' }, { by: 'alice' });
    expect(rendered([...openRecord, before])).toContain('It takes the place of the one to `kim`.');
  });
});

/** The second line of a status. */
const status = (record: readonly IncidentEvent[], checkpoint = false) =>
  renderUpdate(
    composeStatus({
      ...incident,
      snapshot: { ...incident.snapshot, record: [...record] },
      checkpoint: checkpoint ? { kind: '1h', dueAt: incident.snapshot.takenAt, missed: [] } : undefined,
    }),
  ).split('\n')[1];

describe('an open handoff', () => {
  const offered = [...openRecord, event('18:00', { kind: 'handoff', to: 'bob' }, { by: 'alice' })];
  test('stands in every update, and notifies at a checkpoint', () => {
    expect(status(offered)).toContain(
      'Handoff to `bob` **not accepted** since 18:00 (record): `/sitrep accept`',
    );
    expect(status(offered, true)).toContain('Handoff to @bob **not accepted**');
  });

  test('is over when it is accepted: whoever was meant leads, also where somebody accepted for them', () => {
    const accepted = [...offered, event('18:02', { kind: 'handoff-accepted' }, { by: 'erin' })];
    expect(status(accepted)).not.toContain('Handoff');
    expect(stateOf(accepted).lead).toBe('bob');
  });

  test('that was accepted is not accepted again', () => {
    const twice = [
      ...offered,
      event('18:02', { kind: 'handoff-accepted' }, { by: 'bob' }),
      event('18:03', { kind: 'lead', lead: 'erin' }, { by: 'erin' }),
      event('18:04', { kind: 'handoff-accepted' }, { by: 'bob' }),
    ];
    expect(stateOf(twice).lead).toBe('erin');
  });
});
