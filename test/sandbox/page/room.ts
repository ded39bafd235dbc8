import { frozenClock, type SandboxClock } from '../../../sandbox/clock.ts';
import { startPage, type Page } from '../../../sandbox/page/server.ts';
import { scenarioSchema } from '../../../sandbox/scenario/schema.ts';
import { memoryThread, type MemoryThread } from './memory-thread.ts';

export interface Room {
  page: Page;
  thread: MemoryThread;
  clock: SandboxClock;
}

const scenario = scenarioSchema.parse({
  version: 1,
  title: 'A small outage',
  start: '2025-09-15T18:05:00Z',
  repository: { owner: 'acme', name: 'shop' },
  people: { alice: { role: 'maintain' }, carol: { role: 'triage' }, mallory: { role: 'read' } },
  labels: [{ name: 'P0', color: 'b60205' }],
  issues: [{ number: 7, title: 'Staging is down', by: 'alice', at: '2025-09-15T17:15:00Z' }],
  focus: 7,
});

/** The page over a thread in memory, on a free port; the clock stands at 18:05 UTC. */
export async function openRoom(body = 'Login fails.'): Promise<Room> {
  const clock = frozenClock(new Date(scenario.start));
  const issue = { number: 7, title: 'Staging is down', state: 'open', labels: ['P0'], by: 'alice' };
  const thread = memoryThread({ ...issue, body, at: '2025-09-15T17:15:00Z' }, () => clock.now());
  const page = await startPage({ port: 0, github: thread, scenario, clock, focus: 7 });
  return { page, thread, clock };
}
