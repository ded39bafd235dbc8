import Handlebars from 'handlebars';
import { describe, expect, test } from 'vitest';
import { composeStatus, type StatusInput } from '../../src/core/compose.ts';
import { prose, say } from '../../src/core/text.ts';
import type { IncidentFacts, Snapshot } from '../../src/core/snapshot.ts';
import { toMarkdown } from '../../src/templates/markdown.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { incident, snapshot } from '../fixtures/status/incident.ts';
import { at, day, observations as seenAs, shop, snapshotOf, window } from './diagnose.fixture.ts';

/** The line that begins with a text; the headline by `###`. */
function line(begin: string, changed: Partial<StatusInput> = {}): string | undefined {
  const lines = renderUpdate(composeStatus({ ...incident, ...changed })).split('\n');
  return lines.find((one) => one.startsWith(begin));
}

/** A single text of a view model as Markdown. */
function shown(model: unknown): string {
  const markdown = toMarkdown(model);
  return markdown instanceof Handlebars.SafeString ? markdown.toHTML() : '';
}

const withSnapshot = (changed: Partial<Snapshot>): Partial<StatusInput> => ({
  snapshot: { ...snapshot, ...changed },
});
const only = (...components: string[]): Partial<Snapshot> => ({
  observations: snapshot.observations.filter((found) => components.includes(found.component)),
});
const facts = (changed: Partial<IncidentFacts>): Partial<StatusInput> =>
  snapshot.incident ? withSnapshot({ incident: { ...snapshot.incident, ...changed } }) : {};
const part = (...ids: string[]): Partial<StatusInput> => ({
  configuration: {
    ...incident.configuration,
    components: Object.fromEntries(
      Object.entries(incident.configuration.components).filter(([id]) => ids.includes(id)),
    ),
    journeys: {},
  },
});

describe('the headline', () => {
  test.each<[string, Partial<StatusInput>, string]>([
    [
      'a blocked journey',
      {},
      '### 🔴 P0 investigating: staging “Login to AI response” down since 17:09 (E75); regression of #1263',
    ],
    [
      'no incident',
      withSnapshot({ incident: null }),
      '### 🔴 staging “Login to AI response” down since 17:09 (E75)',
    ],
    [
      'no severity, no regression',
      facts({ severity: null, regressionOf: 0 }),
      '### 🔴 Incident investigating: staging “Login to AI response” down since 17:09 (E75)',
    ],
    [
      'failing components without a journey',
      { ...part('backend', 'db'), ...facts({ regressionOf: 0 }) },
      '### 🔴 P0 investigating: staging `backend` failing since 17:09 (E66)',
    ],
    [
      'nothing failing',
      { ...part('frontend', 'db'), ...facts({ stage: 'monitoring', regressionOf: 0 }) },
      '### 🟢 P0 monitoring: staging: nothing failing',
    ],
    [
      'nothing failing, and some unknown',
      { ...part('frontend', 'db', 'chat', 'region'), ...facts({ regressionOf: 0 }) },
      '### ⚪ P0 investigating: staging: nothing failing; 2 unknown',
    ],
    [
      'nothing read',
      { ...withSnapshot({ observations: [], incident: null }) },
      '### ⚪ staging: nothing could be read',
    ],
  ])('of %s', (_case, changed, written) => {
    expect(line('###', changed)).toBe(written);
  });

  test('does not say that a failure began where the readings begin', () => {
    const observations = snapshot.observations
      .filter((found) => found.signal !== 'requests.5xx.since')
      .map((found) => (found.first === undefined ? found : { ...found, first: '2025-09-15T17:05:30Z' }));
    expect(line('###', withSnapshot({ observations, previous: null }))).toContain(
      'down since 17:05 or before (E76)',
    );
  });

  test('does not take noise of the log that is older than the 5xx for the beginning', () => {
    const noise = snapshot.observations
      .filter((found) => found.component === 'auth' && found.signal === 'log.error')
      .map((found) => ({ ...found, id: 'E900', value: '2400', first: '2025-09-15T17:06:30Z' }));
    const changed = withSnapshot({ observations: [...snapshot.observations, ...noise] });
    expect(line('###', changed)).toContain('down since 17:09 (E75)');
  });

  test.each<[string, string, RegExp]>([
    ['began in this hour', at('17:39'), /down since 17:39 \(E4\)$/],
    ['is older than this hour', at('14:00'), /down$/],
  ])('of an endpoint in front of a service that is only degraded, where that %s', (_case, since, written) => {
    const seen = seenAs([
      ['login', 'status', '503'],
      ['auth', 'requests', '100', { window }],
      ['auth', 'requests.5xx', '20', { window, first: at('17:39') }],
      ['auth', 'requests.5xx.since', since, { window: day }],
    ]);
    const changed = { configuration: shop, snapshot: snapshotOf(seen) };
    expect(line('###', changed)).toMatch(written);
  });

  test('does not take the onset of a cause for that of the failure', () => {
    const findings = incident.diagnosis.findings.map((finding) => ({
      ...finding,
      component: 'auth',
      onset: '2025-09-15T16:40:00Z',
    }));
    const changed = { diagnosis: { ...incident.diagnosis, findings } };
    expect(line('###', changed)).toContain('down since 17:09 (E75)');
  });

  test('keeps the beginning that the update before knew', () => {
    const observations = snapshot.observations
      .filter((found) => found.signal !== 'requests.5xx.since')
      .map((found) => (found.first === undefined ? found : { ...found, first: '2025-09-15T17:39:00Z' }));
    expect(line('###', withSnapshot({ observations }))).toContain('down since 17:09 (E3)');
  });
});

describe('the line of the cause', () => {
  const [finding] = incident.diagnosis.findings;
  test.each([
    ['that it does not name', 'it takes no connections', '`connector`: it takes no connections'],
    ['that it names', '`connector` is gone', '`connector` is gone'],
  ])('names the component %s', (_case, summary, written) => {
    if (!finding) throw new Error('the fixture has no finding');
    const findings = [{ ...finding, summary, evidence: [] }];
    const changed = { diagnosis: { ...incident.diagnosis, findings } };
    expect(line('**Cause', changed)).toContain(`:** ${written}`);
  });
});

describe('the line of the reading', () => {
  test('says how much could be read, and that old metrics are old', () => {
    const observations = snapshot.observations.map((found) =>
      found.last === undefined ? found : { ...found, last: '2025-09-15T17:40:00Z' },
    );
    expect(line('**18:05 UTC**', withSnapshot({ observations }))).toContain(
      'metrics to 17:40 (25 min old) · 19/21 reads OK (not E93, E94)',
    );
    expect(line('**18:05 UTC**', withSnapshot({ gaps: [] }))).toContain('19/19 reads OK ·');
  });

  test('names the lead', () => {
    expect(line('**18:05 UTC**', facts({ lead: 'dana' }))).toMatch(/Lead: @dana$/);
    expect(line('**18:05 UTC**')).toMatch(/Lead: \*\*nobody\*\*$/);
    expect(line('**18:05 UTC**', facts({ lead: 'x](https://evil.example)' }))).toMatch(
      /Lead: `x\]\(https:\/\/evil.example\)`$/,
    );
  });
});

describe('what is unknown', () => {
  test('is never shown as a zero or as healthy', () => {
    const nothing = withSnapshot({ observations: [], changes: [], statements: [] });
    expect(line('**State:**', nothing)).toBe(
      '**State:** nothing could be read: this says nothing about the state of anything',
    );
    const markdown = renderUpdate(composeStatus({ ...incident, ...nothing }));
    expect(markdown).toContain('<summary>Components: 0 failing, 0 OK, 8 unknown</summary>');
    expect(markdown).not.toMatch(/Up: \d/);
    expect(markdown).not.toContain('🟢');
  });

  test('is named beside what is broken, with its reason and what to do', () => {
    expect(line('**Broken:**')).toMatch(/Unknown: `chat`, `region` \(E93, E94\)$/);
    expect(line('| E94 |')).toContain("access denied: `Permission 'servicehealth.events.list' denied");
    expect(line('| E94 |')).toContain('Grant roles/servicehealth.viewer');
  });

  test('is told as a change where it was known before', () => {
    expect(line('**Since 17:38:**', withSnapshot(only('frontend', 'db')))).toContain(
      '`auth`, `backend`, `connector`, `api` now unknown, were failing',
    );
  });
});

describe('the class of the cause and who takes it on', () => {
  const owner = { contact: 'infra', name: 'Infrastructure *Team*', why: '`connector` has it as its owner' };
  const classification = { kind: 'capacity', why: 'w', worsenedBy: ['configuration'] } as const;
  const withBoth = (changed: Partial<StatusInput['diagnosis']>): Partial<StatusInput> => ({
    diagnosis: {
      ...incident.diagnosis,
      classification: { ...classification, worsenedBy: [...classification.worsenedBy] },
      owner,
      ...changed,
    },
  });

  test.each<[string, Partial<StatusInput>, string]>([
    ['both', withBoth({}), ' · capacity, next with Infrastructure &#42;Team&#42;'],
    ['nobody', withBoth({ owner: { contact: null, name: 'nobody', why: 'w' } }), ' · capacity'],
    ['none is known', {}, '`auth` and `backend` time out through it'],
  ])('end the line of the cause: %s', (_case, changed, written) => {
    const cause = line('**Cause, probable:**', changed)?.replace(/ \(E[^)]*\)/, '');
    expect(cause?.slice(-written.length)).toBe(written);
  });

  test('stand below the whys with the reasons', () => {
    expect(line('Root cause', withBoth({}))).toContain(
      'Class: **capacity**. Worsened by configuration. Next with Infrastructure &#42;Team&#42;: `connector` has it as its owner.',
    );
  });
});

describe('figures', () => {
  test('a reading that a page cap cut is a lower bound wherever it stands', () => {
    const observations = snapshot.observations.map((found) =>
      found.id === 'E74' ? { ...found, value: '5000', partial: true } : found,
    );
    const markdown = renderUpdate(composeStatus({ ...incident, ...withSnapshot({ observations }) }));
    expect(markdown).toContain('seen at least 5,000 times');
    expect(markdown).toContain('| `log.error` | at least 5,000 |');
  });

  test('a setting keeps the form in which it is set, and one with a secret name is hidden', () => {
    const observations = snapshot.observations.map((found) =>
      found.signal === 'env.DATABASE_TIMEOUT'
        ? { ...found, signal: 'env.DB_PASSWORD', value: 'hunter2' }
        : found,
    );
    const markdown = renderUpdate(composeStatus({ ...incident, ...withSnapshot({ observations }) }));
    expect(line('| E78 |')).toContain('| `15.0 s` |');
    expect(markdown).not.toContain('hunter2');
    expect(markdown).toContain('| `env.DB_PASSWORD` | (hidden) |');
  });
});

describe('what people say of the whys', () => {
  const stated = {
    act: 'refute',
    by: 'kim',
    at: '2025-09-15T17:40:00Z',
    url: 'https://github.com/netra-systems/netra/issues/1278#issuecomment-9',
    cause: 'config-drift',
    component: 'backend',
    text: 'we **rolled** it back @all',
    effect: 'it is no root, and the search went on; measured evidence says otherwise: E77, E95',
    evidence: ['E77', 'E95'],
  } as const;
  const saying = (changed: Partial<StatusInput['diagnosis']['stated'][number]>): Partial<StatusInput> => ({
    diagnosis: { ...incident.diagnosis, stated: [{ ...stated, evidence: [...stated.evidence], ...changed }] },
  });

  test.each<[string, Partial<StatusInput>, string]>([
    [
      'refuted, with the measurements that say otherwise',
      saying({}),
      ' refuted config drift (`backend`): “we &#42;&#42;rolled&#42;&#42; it back &#64;​all”; it is no root, and the search went on; measured evidence says otherwise: E77, E95',
    ],
    [
      'accepted without a component and a reason',
      saying({ act: 'accept', component: null, text: '', effect: 'accepted (stated)', evidence: [] }),
      ' accepted config drift; accepted (stated)',
    ],
    [
      'added',
      saying({
        act: 'add',
        cause: null,
        component: null,
        text: 'see the pool',
        effect: 'shown',
        evidence: [],
      }),
      ' added: “see the pool”; shown',
    ],
  ])('stands below the whys, dated and linked: %s', (_case, changed, written) => {
    expect(line('- [kim', changed)).toBe(
      `- [kim at 17:40](https://github.com/netra-systems/netra/issues/1278#issuecomment-9)${written}`,
    );
  });

  test('of many the newest ten are shown, and of a long one the beginning', () => {
    const many = Array.from({ length: 12 }, (_, n) => ({
      ...stated,
      evidence: [],
      effect: 'shown',
      text: n === 11 ? 'x'.repeat(500) : `number ${String(n)}`,
    }));
    const markdown = renderUpdate(
      composeStatus({ ...incident, diagnosis: { ...incident.diagnosis, stated: many } }),
    );
    expect(markdown.split('\n').filter((one) => one.startsWith('- [kim'))).toHaveLength(10);
    expect(markdown).not.toContain('“number 1”');
    expect(markdown).toContain(`“${'x'.repeat(200)}…”`);
  });

  test.each<[string, 'probable' | 'unknown', boolean]>([
    ['of a measured one the line of the cause tells', 'probable', true],
    ['of another one it does not', 'unknown', false],
  ])('a cause that somebody refuted: %s', (_case, verdict, isTold) => {
    const { alternatives, findings } = incident.diagnosis;
    const diagnosis = {
      ...incident.diagnosis,
      findings: findings.map((one) => (one.cause === 'config-drift' ? { ...one, verdict } : one)),
      alternatives: alternatives.map((one) =>
        one.cause === 'config-drift' ? { ...one, statement: stated.url } : one,
      ),
    };
    expect(
      line('**Cause', { diagnosis })?.endsWith(
        ` · config drift (\`backend\`), probable as measured (E77, E78, E95), was [refuted](${stated.url})`,
      ),
    ).toBe(isTold);
  });

  test('an alternative that somebody refuted links to that', () => {
    const [first, ...rest] = incident.diagnosis.alternatives;
    const alternatives = first === undefined ? [] : [{ ...first, statement: stated.url }, ...rest];
    expect(line('| config drift', { diagnosis: { ...incident.diagnosis, alternatives } })).toContain(
      `[said here](${stated.url})`,
    );
  });
});

test('names that do not fit have a part of their own; those that do have none', () => {
  const identity = { component: 'db', name: 'main', canonical: 'p:r:main', evidence: ['E75'] };
  const identities = [
    { ...identity, problem: 'none' as const, why: 'w' },
    { ...identity, problem: 'same-as' as const, with: 'replica', why: '`db` and `replica` are one resource' },
  ];
  const named = (some: typeof identities) => ({ diagnosis: { ...incident.diagnosis, identities: some } });
  expect(line('<details><summary>Names', named(identities))).toBe(
    '<details><summary>Names that do not fit: 1</summary>',
  );
  expect(line('- `db`: `db`', named(identities))).toBe('- `db`: `db` and `replica` are one resource (E75)');
  expect(line('<details><summary>Names', named(identities.slice(0, 1)))).toBeUndefined();
});

describe('the list of changes', () => {
  const [change] = incident.diagnosis.changes;
  const withChange = (changed: Partial<typeof change>): Partial<StatusInput> => ({
    diagnosis: { ...incident.diagnosis, changes: change === undefined ? [] : [{ ...change, ...changed }] },
  });
  const how = '`env.A`: the log names it';

  test.each<[string, Partial<typeof change>, string]>([
    [
      'a mechanism',
      { relation: 'mechanism', mechanism: how, minutesBeforeOnset: 4 },
      '**mechanism**, 4 min before the failures (E66): `env.A`: the log names it',
    ],
    [
      'only the time',
      { relation: 'correlated', mechanism: null, minutesBeforeOnset: 130 },
      'correlated only, 2 h before the failures (E66)',
    ],
    [
      'the same minute',
      { relation: 'correlated', mechanism: null, minutesBeforeOnset: 0 },
      'correlated only, within a minute of the failures (E66)',
    ],
    [
      'a mechanism, and a time that is open',
      { relation: 'mechanism', mechanism: how, minutesBeforeOnset: null },
      '**mechanism**: `env.A`: the log names it',
    ],
    [
      'after the failures began',
      { relation: 'after', mechanism: null, minutesBeforeOnset: -53 },
      'no cause, 53 min after the failures began (E66)',
    ],
    [
      'after the failures began, at a time that is open',
      { relation: 'after', mechanism: null, minutesBeforeOnset: null },
      'no cause, after the failures began (E66)',
    ],
    [
      'makes it worse',
      { relation: 'after', mechanism: how, minutesBeforeOnset: -3 },
      'makes it worse, 3 min after the failures began (E66): `env.A`: the log names it',
    ],
    ['an order that is not known', { relation: 'undated', mechanism: null, minutesBeforeOnset: null }, '–'],
  ])('says how one bears on the failures: %s', (_case, changed, written) => {
    expect(line('| 17:12 |', withChange({ ...changed, onset: ['E66', 'E74'] }))).toBe(
      `| 17:12 | \`backend\` | revision \`00750-69k\` changed \`env.DATABASE_TIMEOUT\` from \`75.0\` to \`15.0\` | ${written} | E95 |`,
    );
  });

  test('is cut at thirty rows, and says how many it left out', () => {
    const changes = Array.from({ length: 33 }, () => change).filter((one) => one !== undefined);
    const markdown = renderUpdate(
      composeStatus({ ...incident, diagnosis: { ...incident.diagnosis, changes } }),
    );
    expect(markdown.split('\n').filter((one) => one.startsWith('| 17:12 |'))).toHaveLength(30);
    expect(markdown).toContain('… and 3 more');
  });
});

describe('what to do', () => {
  test('going back to the revision before, with a valid command, where a change bears on the failure', () => {
    expect(line('**Do now')).toBe(
      '**Do now, no owner:** Shift `backend` to `00749-6tr`, which still connects (E77, E95). Check migrations first. Eases it; the cause stays. Then: Give the connector larger machines',
    );
    expect(line('gcloud run services update-traffic')).toBe(
      'gcloud run services update-traffic netra-backend-staging --to-revisions=netra-backend-staging-00749-6tr=100 --region=us-central1 --project=netra-staging',
    );
  });

  describe('going back past a revision that failed as well', () => {
    const revision = 'netra-backend-staging-00748-abc';
    const like = snapshot.observations.find(({ signal }) => signal === 'requests.5xx');
    const [change] = snapshot.changes;
    const healthy = like && [
      { ...like, id: 'E901', component: 'backend', signal: 'revision.healthy', value: '1240', revision },
      { ...like, id: 'E902', component: 'backend', signal: 'revision.healthy.5xx', value: '1', revision },
    ];
    const proven = withSnapshot({
      observations: [...snapshot.observations, ...(healthy ?? [])].map((found) =>
        found.id === 'E901' ? { ...found, last: '2025-09-15T17:00:00Z' } : found,
      ),
      changes: [
        ...snapshot.changes,
        ...(change
          ? [{ ...change, id: 'E903', kind: 'drift' as const, previousRevision: revision, diff: [] }]
          : []),
      ],
    });

    test('leads to the last one that is proven healthy, with its figures', () => {
      expect(line('**Do now', proven)).toContain(
        'Shift `backend` to `00748-abc`, which served 1,240 requests until 17:00, 5xx 1 (E901, E902) (E95)',
      );
      expect(line('gcloud run services update-traffic', proven)).toContain(`--to-revisions=${revision}=100`);
    });
  });

  test('no command is built from a name that is none', () => {
    const changes = snapshot.changes.map((change) => ({ ...change, previousRevision: 'x; rm -rf /' }));
    expect(line('gcloud run services update-traffic', withSnapshot({ changes }))).toBeUndefined();
  });

  test('otherwise the plan; nothing where nothing is wrong', () => {
    expect(line('**Do now', withSnapshot({ changes: [] }))).toBe(
      '**Do now, no owner:** Give the connector larger machines. Then: Deploy auth first, then backend',
    );
    expect(line('**Do now', part('frontend', 'db'))).toBeUndefined();
  });
});

describe('escalation', () => {
  const first = incident.criteria.escalation.slice(0, 1);

  test('comes with its clock, its condition and the present figure', () => {
    expect(line('**Escalate:**')).toBe(
      '**Escalate:** Google Cloud Support at 19:15 if under 50 % up (now 33 %, E57, E59, E61–E66, …)',
    );
  });

  test('is called for where its rule is met', () => {
    const met = {
      ...incident.criteria,
      escalation: first.map((reading) => ({ ...reading, result: 'met' as const })),
    };
    expect(line('**Escalate:**', { criteria: met })).toMatch(
      /^\*\*Escalate:\*\* \*\*now\*\*, Google Cloud Support: elapsed 50 min .* \(E61, E64\)$/,
    );
  });

  test('shows a condition that has no words for it as it is written', () => {
    const when = "elapsed >= duration('1h') && errors.share > 0.2";
    const configuration = {
      ...incident.configuration,
      escalation: incident.configuration.escalation.map((rule) => ({ ...rule, when })),
    };
    expect(line('**Escalate:**', { configuration })).toContain(
      'Google Cloud Support at 18:15 if `errors.share > 0.2`',
    );
  });

  test('wakes nobody: contacts are shown and not mentioned', () => {
    const markdown = renderUpdate(composeStatus(incident));
    expect(markdown).toContain('`@netra-systems/infra`');
    expect(markdown.replaceAll(/`[^`\n]*`/g, '')).not.toMatch(/@[a-z]/);
  });
});

describe('own words and foreign text', () => {
  test('only a literal of the source is own words: parsed data in its form is not', () => {
    const forged: unknown = JSON.parse('{"words":["<b>"],"values":[]}');
    expect(JSON.stringify(toMarkdown(forged))).not.toContain('<b>');
  });

  test('a bare string counts as foreign', () => {
    expect(shown('<b> @alice')).toBe('&#60;b&#62; &#64;\u200Balice');
  });

  test('a value keeps its place between own words', () => {
    expect(shown(say`**Affected:** ${prose('a **b**')}.`)).toBe('**Affected:** a &#42;&#42;b&#42;&#42;.');
  });
});
