import { describe, expect, test } from 'vitest';
import { newsIn } from '../../src/core/compose/news.ts';
import type { Delta } from '../../src/core/delta.ts';
import type { EventBody, IncidentEvent } from '../../src/core/incident/events.ts';

const minute = 60_000;
const seen = '2025-09-15T18:30:00.000Z';
const minutesAgo = (minutes: number) => new Date(Date.parse(seen) - minutes * minute).toISOString();

const nothing: Delta = {
  since: minutesAgo(60),
  url: null,
  states: [],
  serving: [],
  figures: [],
  root: null,
  material: true,
};

type States = Delta['states'];
const became = (component: string, from: States[number]['from'], to: States[number]['to']): States => [
  { component, from, to, evidence: ['E1'] },
];

function event(minutes: number, body: EventBody): IncidentEvent {
  const at = minutesAgo(minutes);
  return { key: `${body.kind} ${at}`, at, by: 'sitrep', url: null, recordedAt: at, body };
}
const told = (minutes: number, ...subjects: string[]) =>
  event(minutes, { kind: 'updated', update: 'change', posting: 'p', told: subjects });
const went = (minutes: number, component: string, from: string, to: string) =>
  event(minutes, { kind: 'component-state', component, from, to, evidence: [] });

const causeNow: Delta['root'] = {
  from: null,
  to: { cause: 'config-drift', component: 'backend', verdict: 'probable' },
};

describe('what is worth a comment although nobody asked, with a refresh every ten minutes', () => {
  test.each<[what: string, delta: Delta | null, record: IncidentEvent[], news: string[]]>([
    ['nothing before the first update', null, [], []],
    [
      'nothing where nothing is material',
      { ...nothing, material: false, states: became('auth', 'healthy', 'failing') },
      [],
      [],
    ],
    [
      'a component that fails now',
      { ...nothing, states: became('auth', 'healthy', 'failing') },
      [],
      ['component auth'],
    ],
    [
      'not what could not be read for once',
      { ...nothing, states: became('auth', 'healthy', 'unknown') },
      [],
      [],
    ],
    ['nor what can be read again', { ...nothing, states: became('auth', 'unknown', 'healthy') }, [], []],
    ['a cause', { ...nothing, root: causeNow }, [], ['cause']],
    ['not what was told ten minutes ago', { ...nothing, root: causeNow }, [told(10, 'cause')], []],
    [
      'again what was told half an hour ago and is another one since',
      { ...nothing, root: causeNow },
      [told(30, 'cause')],
      ['cause'],
    ],
    [
      'not a state that was left ten minutes ago and is back',
      { ...nothing, states: became('auth', 'failing', 'healthy') },
      [went(10, 'auth', 'healthy', 'failing'), went(0, 'auth', 'failing', 'healthy')],
      [],
    ],
    [
      'a recovery of what failed for an hour',
      { ...nothing, states: became('auth', 'failing', 'healthy') },
      [went(60, 'auth', 'healthy', 'failing'), went(0, 'auth', 'failing', 'healthy')],
      ['component auth'],
    ],
    [
      'another component beside one that was told',
      {
        ...nothing,
        states: [...became('auth', 'healthy', 'failing'), ...became('db', 'healthy', 'failing')],
      },
      [told(5, 'component auth')],
      ['component db'],
    ],
  ])('%s', (_what, delta, record, news) => {
    expect(newsIn({ delta, record, seen, everyMs: 10 * minute })).toEqual(news);
  });
});
