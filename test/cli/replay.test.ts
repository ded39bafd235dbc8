import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { frozenClock } from '../../sandbox/clock.ts';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import { startStandIns, type StandIns } from '../../sandbox/stand-ins.ts';
import { sitrep, stackTrace, type Run } from './run.ts';

/** `sitrep replay` against the stand-in of GitHub: two closed incidents that are alike, and one that is not. */

const asked = ['replay', '--repo', 'netra-systems/netra-apex'];
const line = 'RuntimeError: Database connection validation timeout exceeded';
let standIns: StandIns;

beforeEach(async () => {
  const loaded = await loadScenario('connector-saturated');
  const scenario = structuredClone(loaded.scenario);
  const first = scenario.issues.find(({ state }) => state === 'closed');
  if (first === undefined) throw new Error('the scenario has no closed issue');
  scenario.issues.push(
    {
      ...first,
      number: 1270,
      title: 'Backend down \u001b[31magain',
      at: '2025-09-13T09:00:00Z',
      closed_at: '2025-09-13T12:00:00Z',
      labels: ['P0', 'incident'],
      body: 'backend does not start',
      comments: [
        { by: 'bob', at: '2025-09-13T09:20:00Z', body: `\`\`\`\n${line} (12s)\n\`\`\`` },
        { by: 'bob', at: '2025-09-13T11:40:00Z', body: 'auth logs `SessionStoreUnavailable: no primary`' },
      ],
    },
    {
      ...first,
      number: 1271,
      title: 'Frontend shows old prices',
      at: '2025-09-15T17:20:00Z',
      closed_at: '2025-09-15T17:50:00Z',
      labels: ['P1', 'incident'],
      body: 'frontend caches too long',
      comments: [],
    },
  );
  standIns = await startStandIns({
    loaded: { ...loaded, scenario },
    clock: frozenClock(new Date(scenario.start)),
    personalTokens: { ghp_carol: 'carol' },
  });
});
afterEach(() => standIns.close());

function replay(...options: string[]): Promise<Run> {
  return sitrep([...asked, ...options], { ...standIns.environment, GITHUB_TOKEN: 'ghp_carol' });
}

const printed = z.object({
  repository: z.string(),
  incidents: z.array(
    z.looseObject({
      issue: z.int(),
      said: z.string(),
      labels: z.array(z.string()),
      errorLines: z.array(z.string()),
      deploymentsKnown: z.boolean(),
      matches: z.object({
        regression: z.looseObject({ issue: z.int(), score: z.number() }).nullable(),
        similar: z.array(z.looseObject({ issue: z.int() })),
      }),
    }),
  ),
});

describe('sitrep replay', () => {
  test('prints what would have been said and matched, in the order of opening, and writes nothing', async () => {
    const { code, out, err } = await replay();
    expect(code).toBe(0);
    expect(out).toMatchSnapshot();
    expect(err).toBe('3 of 3 incidents read\n');
    expect(standIns.github.requests.filter(({ write }) => write)).toEqual([]);
    expect(standIns.google.requests).toEqual([]);
    expect(standIns.github.refusals).toEqual([]);
  });

  test('--json prints one object, in which what was written later is not known yet', async () => {
    const { code, out } = await replay('--json');
    const { repository, incidents } = printed.parse(JSON.parse(out));
    expect({ code, repository }).toEqual({ code: 0, repository: 'netra-systems/netra-apex' });
    expect(incidents.map(({ issue }) => issue)).toEqual([1263, 1270, 1271]);
    const [first, again, another] = incidents;
    expect(first?.matches).toEqual({ regression: null, similar: [] });
    expect(again?.matches.regression?.issue).toBe(1263);
    expect(again?.labels).toEqual(['regression']);
    expect(again?.errorLines).toEqual([`${line} (12s)`]);
    expect(another?.matches.regression).toBeNull();
    expect(another?.labels).toEqual([]);
  });

  test('--closed takes those that were closed last', async () => {
    const { out } = await replay('--json', '--closed', '2');
    const { incidents } = printed.parse(JSON.parse(out));
    expect(incidents.map(({ issue }) => issue)).toEqual([1270, 1271]);
    expect(incidents[0]?.matches.regression).toBeNull();
  });

  test('says where deployments are unknown', async () => {
    standIns.github.inject({ kind: 'denied', pathIncludes: '/deployments' });
    const { code, out, err } = await replay('--json');
    expect(code).toBe(0);
    expect(err).toContain('deployments are unknown');
    const { incidents } = printed.parse(JSON.parse(out));
    for (const { deploymentsKnown, said } of incidents) {
      expect(deploymentsKnown).toBe(false);
      expect(said).toContain('unknown deployments');
    }
  });

  test('says which labels it looked for where there is no incident', async () => {
    standIns.github.putFile(
      '.github/sitrep.yml',
      'version: 1\nlabels: { incident: [outage] }\ncomponents: { api: { type: http, url: "https://api.example.com/" } }\n',
    );
    const { code, out, err } = await replay();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      'netra-systems/netra-apex has no closed issue labelled outage; see labels.incident in .github/sitrep.yml\n',
    );
  });

  test('ends with 1 where the repository is not to be seen, without a stack trace', async () => {
    const { code, err } = await sitrep(['replay', '--repo', 'netra-systems/nothing'], {
      ...standIns.environment,
      GITHUB_TOKEN: 'ghp_carol',
    });
    expect(code).toBe(1);
    expect(err).toMatch(/netra-systems\/nothing/u);
    expect(err).not.toMatch(stackTrace);
  });
});
