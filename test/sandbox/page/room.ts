import { frozenClock, type SandboxClock } from '../../../sandbox/clock.ts';
import { seenComponents } from '../../../sandbox/components.ts';
import type { PageScene, PageStage, SeenRequest } from '../../../sandbox/page/port.ts';
import { startPage, type Page } from '../../../sandbox/page/server.ts';
import { scenarioSchema } from '../../../sandbox/scenario/schema.ts';
import { createSwitches } from '../../../sandbox/switches.ts';
import { createWalker } from '../../../sandbox/walk.ts';
import { memoryThread, type MemoryThread } from './memory-thread.ts';

export interface Room {
  page: Page;
  thread: MemoryThread;
  clock: SandboxClock;
  requests: SeenRequest[];
  /** Faults that hold at present, `Google run.googleapis.com denied` for one. */
  faults: Set<string>;
  /** Scenarios that were asked for. */
  opened: string[];
}

const scenario = scenarioSchema.parse({
  version: 1,
  title: 'A small outage',
  start: '2025-09-15T18:05:00Z',
  repository: { owner: 'acme', name: 'shop' },
  people: { alice: { role: 'maintain' }, carol: { role: 'triage' }, mallory: { role: 'read' } },
  labels: [
    { name: 'P0', color: 'b60205' },
    { name: 'wontfix', color: 'ffffff' },
  ],
  issues: [{ number: 7, title: 'Staging is down', by: 'alice', at: '2025-09-15T17:15:00Z' }],
  focus: 7,
});

const configuration = `version: 1
components:
  web: { type: cloud-run, service: web, depends_on: [db] }
  db: { type: cloud-sql, instance: db }
`;

/** The page over a thread in memory, on a free port; the clock stands at 18:05 UTC. */
export async function openRoom(body = 'Login fails.'): Promise<Room> {
  const clock = frozenClock(new Date(scenario.start));
  const issue = { number: 7, title: 'Staging is down', state: 'open', labels: ['P0'], by: 'alice' };
  const thread = memoryThread({ ...issue, body, at: '2025-09-15T17:15:00Z' }, () => clock.now());
  const requests: SeenRequest[] = [];
  const faults = new Set<string>();
  const opened: string[] = [];
  const listeners = new Set<() => void>();
  const told = (): void => listeners.forEach((listener) => listener());
  const holding = (name: string) => {
    faults.add(name);
    return () => void faults.delete(name);
  };
  const walker = createWalker(clock, () => Promise.resolve(), told);
  const scene: PageScene = {
    name: 'small',
    scenario,
    focus: 7,
    clock,
    github: thread,
    requests: () => requests,
    faults: createSwitches(
      { inject: ({ kind, method }) => holding(`GitHub ${method ?? ''} ${kind}`) },
      { inject: ({ kind, api }) => holding(`Google ${api} ${kind}`) },
      7,
    ),
    components: () => Promise.resolve(seenComponents(configuration, null)),
    walk: (minutes) => walker.walk(minutes),
    walking: () => walker.walking(),
  };
  thread.onChange(told);
  const stage: PageStage = {
    scene: () => scene,
    scenarios: [
      { name: 'small', title: scenario.title },
      { name: 'other', title: 'Another outage' },
    ],
    opening: () => null,
    failure: () => null,
    open(name) {
      if (name !== 'other') throw new Error(`There is no scenario ${name}.`);
      opened.push(name);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { page: await startPage({ port: 0, stage }), thread, clock, requests, faults, opened };
}
