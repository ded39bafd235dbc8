import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../../sandbox/scenario/load.ts';
import { diagnose } from '../../../src/core/diagnose.ts';
import type { EarlierIncident } from '../../../src/core/regression/earlier-incident.ts';
import { matchEarlier } from '../../../src/core/regression/match.ts';
import { presentIncident, type PresentIncident } from '../../../src/core/regression/present-incident.ts';
import { issueReader } from '../../../src/core/regression/read-issue.ts';
import { recordedIncident } from '../../../src/core/regression/recorded-incident.ts';
import { playScenario } from '../../scenarios/play.ts';

/** Outages as they are collected from the stand-ins, against the closed issues of their repositories. */

function isWhole({ id, line, evidence }: PresentIncident['signatures'][number]): boolean {
  return id !== '' && line !== '' && evidence.length > 0;
}

async function presentOf(name: string): Promise<PresentIncident> {
  const { configuration, snapshot } = await playScenario(name);
  const diagnosis = diagnose(configuration, snapshot);
  return presentIncident(
    { snapshot, diagnosis, configuration },
    { at: snapshot.takenAt, issue: 1, text: 'login and chat are down' },
  );
}

async function closedOf(name: string): Promise<EarlierIncident[]> {
  const { configuration } = await playScenario(name);
  const { scenario } = await loadScenario(name);
  const read = issueReader(configuration);
  return scenario.issues
    .filter(({ state }) => state === 'closed')
    .map(({ number, title, body, at, closed_at: closedAt, labels, comments }) =>
      read({
        issue: number,
        title,
        url: `https://github.com/acme/shop/issues/${String(number)}`,
        openedAt: new Date(at).toISOString(),
        closedAt: closedAt === undefined ? null : new Date(closedAt).toISOString(),
        labels,
        body,
        comments: comments.map((comment) => ({ at: comment.at, text: comment.body })),
      }),
    );
}

describe('the outage of incident 1278', () => {
  let now: PresentIncident;
  let earlier: EarlierIncident[];
  beforeAll(async () => {
    now = await presentOf('connector-saturated');
    earlier = await closedOf('connector-saturated');
  });

  it('has its error lines with their evidence, the components of its chain and its causes', () => {
    const line = now.signatures.find(({ line: text }) => text.includes('validation timeout exceeded'));
    expect(line?.components).toContain('backend');
    expect(line?.evidence.length).toBeGreaterThan(0);
    expect(now.chain).toEqual(expect.arrayContaining(['auth', 'connector']));
    expect(now.causes).toContain('vpc-connector-saturated');
  });

  it('is a regression of #1263, by the line that both have', () => {
    const { regression } = matchEarlier(now, earlier);
    expect(regression).toMatchObject({ issue: 1263, otherCause: null });
    expect(regression?.lines.map(({ line }) => line).join('\n')).toContain('validation timeout exceeded');
    expect(regression?.shared).toContain('connector');
  });
});

describe('every scenario', () => {
  const shipped = readdirSync(new URL('../../../sandbox/scenarios/', import.meta.url));

  it.each(shipped)('%s has nothing but configured components and known errors', async (name) => {
    const { configuration } = await playScenario(name);
    const now = await presentOf(name);
    expect(now.chain.every((id) => Object.hasOwn(configuration.components, id))).toBe(true);
    expect(now.signatures.every(isWhole)).toBe(true);
  });

  it('is a regression of its own record where it logs what is its own, and of no other', async () => {
    const presents = await Promise.all(shipped.map(presentOf));
    const records = presents.map((present, at) =>
      recordedIncident(present, {
        issue: at + 100,
        title: shipped[at] ?? '',
        url: `https://github.com/acme/shop/issues/${String(at + 100)}`,
        openedAt: '2020-01-01T00:00:00Z',
        closedAt: '2020-01-02T00:00:00Z',
        labels: [],
      }),
    );
    const found = presents.map((present) => matchEarlier(present, records).regression?.title ?? 'none');
    expect(Object.fromEntries(shipped.map((name, at) => [name, found[at]]))).toMatchInlineSnapshot(`
      {
        "bad-deploy": "bad-deploy",
        "cloudsql-connections-exhausted": "cloudsql-connections-exhausted",
        "cloudsql-maintenance": "cloudsql-maintenance",
        "cloudsql-permission": "cloudsql-permission",
        "config-drift-timeout": "config-drift-timeout",
        "connector-gone": "connector-gone",
        "connector-saturated": "connector-saturated",
        "crash-on-start": "crash-on-start",
        "dependency-unavailable": "dependency-unavailable",
        "egress-misrouted": "egress-misrouted",
        "evidence-missing": "none",
        "healthy": "none",
        "max-instances-reached": "max-instances-reached",
        "noise-beside-crash": "noise-beside-crash",
        "out-of-memory": "out-of-memory",
        "quota-exhausted": "quota-exhausted",
        "regional-incident": "regional-incident",
        "request-timeout": "request-timeout",
        "scaling-lag": "scaling-lag",
        "secret-disabled": "secret-disabled",
        "startup-timeout": "startup-timeout",
      }
    `);
  });
});
