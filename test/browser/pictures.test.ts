import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lookAt } from '../../src/commands/assess.ts';
import { statusOf } from '../../src/commands/status.ts';
import { composeTimeline } from '../../src/core/compose/timeline.ts';
import type { IncidentEvent } from '../../src/core/incident/events.ts';
import { observedEvents } from '../../src/core/incident/observed.ts';
import { sampledFigures, withSeries, type TakenSample } from '../../src/core/samples.ts';
import type { IncidentFacts } from '../../src/core/snapshot.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { event, wholeRecord } from '../fixtures/record.ts';
import { incident } from '../fixtures/status/incident.ts';
import { playScenario } from '../scenarios/play.ts';
import { expectDrawn } from './expect-drawn.ts';
import { drawAll, mermaidVersions, openMermaid } from './mermaid-page.ts';
import { closeBrowserAfterwards } from './open-page.ts';

closeBrowserAfterwards();

const scenarios = readdirSync(new URL('../../sandbox/scenarios/', import.meta.url)).toSorted();

const fencesIn = (markdown: string): string[] =>
  [...markdown.matchAll(/^```mermaid\n([\s\S]*?)\n```$/gm)].map(([, source = '']) => source);

/** A sample of each minute of the 50 before, with a hole of ten minutes, that read what the snapshot has now. */
function samplesBefore(takenAt: string, figures: TakenSample['figures']): TakenSample[] {
  return Array.from({ length: 50 }, (_, place) => ({
    at: new Date(Date.parse(takenAt) - (50 - place) * 60_000).toISOString(),
    pauseS: 60,
    figures,
  })).filter((_sample, place) => place < 20 || place >= 30);
}

/** All pictures of a scenario: of its status with samples, and of the timeline of an incident that it would be. */
async function picturesOf(name: string): Promise<string[]> {
  const { configuration, snapshot: played } = await playScenario(name);
  const declaredAt = new Date(Date.parse(played.takenAt) - 50 * 60_000).toISOString();
  const seen = withSeries(played, samplesBefore(played.takenAt, sampledFigures(played)), 10_000);
  const looked = lookAt(configuration, { ...seen, incident: { ...incidentFacts(), declaredAt } }, [], []);
  const markdown = renderUpdate(statusOf(looked, '0'));
  const observed = observedEvents({ ...looked, snapshot: looked.snapshot });
  const record: IncidentEvent[] = [
    event(declaredAt, { kind: 'declared', severity: 'P1', via: 'label' }, { by: 'carol' }),
    event(declaredAt, { kind: 'acknowledged' }, { by: 'alice' }),
    ...observed.map((one) => ({ ...one, recordedAt: played.takenAt })),
  ];
  const timeline = composeTimeline({
    record,
    filter: { group: null, since: null },
    now: played.takenAt,
    version: '0',
  });
  return [...fencesIn(markdown), ...fencesIn(renderUpdate(timeline))];
}

function incidentFacts(): IncidentFacts {
  const facts = incident.snapshot.incident;
  if (!facts) throw new Error('the fixture has no incident');
  return facts;
}

describe.each(mermaidVersions)('Mermaid %s', (version) => {
  it('draws the pictures of every scenario, and their labels are the texts that were meant', async (context) => {
    const { page, asked } = await openMermaid(context, version, { viewport: { width: 390, height: 844 } });
    const kinds = new Set<string>();
    for (const name of scenarios) {
      const sources = await picturesOf(name);
      const drawings = await drawAll(page, sources);
      for (const [place, source] of sources.entries()) {
        expectDrawn(source, drawings[place]);
        expect(drawings[place]?.cut, `${name}: ${source}`).toEqual([]);
        kinds.add(source.split('\n')[1] ?? '');
      }
    }
    expect([...kinds].toSorted()).toEqual(['flowchart LR', 'flowchart TD', 'gantt', 'xychart-beta']);
    expect(asked).toEqual([]);
  }, 120_000);
});

it('the timeline of a whole incident is drawn with all its rows', async (context) => {
  const { page } = await openMermaid(context, '11.4.1', { viewport: { width: 390, height: 844 } });
  const update = composeTimeline({
    record: wholeRecord,
    filter: { group: null, since: null },
    now: '2025-09-16T00:31:00Z',
    version: '0',
  });
  const [source = ''] = fencesIn(renderUpdate(update));
  const [drawn] = await drawAll(page, [source]);
  expectDrawn(source, drawn);
  expect(drawn?.cut).toEqual([]);
});

function at(minutes: number): string {
  return new Date(Date.parse('2025-09-15T17:00:00Z') + minutes * 60_000).toISOString();
}

it('on a phone no row of a timeline is cut, wherever on it a moment lies', async (context) => {
  const { page } = await openMermaid(context, '11.4.1', { viewport: { width: 390, height: 844 } });
  const longest = {
    kind: 'component-state',
    component: 'netra-backend',
    from: 'healthy',
    to: 'failing',
  } as const;
  const moments = Array.from({ length: 11 }, (_, place) =>
    event(at(place * 10), { ...longest, evidence: [] }),
  );
  const update = composeTimeline({
    record: [event(at(0), { kind: 'declared', severity: null, via: 'label' }), ...moments],
    filter: { group: null, since: null },
    now: at(100),
    version: '0',
  });
  const [source = ''] = fencesIn(renderUpdate(update));
  const [drawn] = await drawAll(page, [source]);
  expect(source.match(/netra#8230; failing :/g)).toHaveLength(11);
  expectDrawn(source, drawn);
  expect(drawn?.cut).toEqual([]);
});

describe.each(['default', 'dark'] as const)('on a phone, in the %s theme', (theme) => {
  it('letters are high enough to be read', async (context) => {
    const { page } = await openMermaid(context, '11.4.1', { viewport: { width: 390, height: 844 }, theme });
    const sources = await picturesOf('connector-saturated');
    const drawings = await drawAll(page, sources);
    for (const { letters } of drawings) expect(letters ?? 99).toBeGreaterThan(7);
  });
});
