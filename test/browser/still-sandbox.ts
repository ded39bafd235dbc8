import { pino } from 'pino';
import { frozenClock } from '../../sandbox/clock.ts';
import type { PageStage } from '../../sandbox/page/port.ts';
import { startPage } from '../../sandbox/page/server.ts';
import { openSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import { shippedScenarios } from '../../sandbox/scenario/shipped.ts';
import { createScene } from '../../sandbox/scene.ts';
import { createWalker } from '../../sandbox/walk.ts';

const patienceMs = 60_000;

/** The sandbox with its page, as `startSandbox` gives it, but for its clock. */
export interface StillSandbox {
  /** Origin of the page. */
  url: string;
  sandbox: Sandbox;
  close(): Promise<void>;
}

/** Opens a scenario whose clock stands still until it is moved: two walks through it look alike. */
export async function openStillSandbox(name: string): Promise<StillSandbox> {
  const loaded = await loadScenario(name);
  const clock = frozenClock(new Date(loaded.scenario.start));
  const sandbox = await openSandbox({ loaded, clock, log: pino({ level: 'silent' }) });
  const listeners = new Set<() => void>();
  const told = (): void => listeners.forEach((listener) => listener());
  const scene = createScene(name, sandbox, told);
  // Each minute waits for the app, however busy the machine is: a sample that is late would be missed.
  const walker = createWalker(clock, () => sandbox.rest(), told, patienceMs);
  const unfollow = scene.github.onChange(told);
  const stage: PageStage = {
    scene: () => ({ ...scene, walk: (minutes) => walker.walk(minutes), walking: () => walker.walking() }),
    scenarios: await shippedScenarios(),
    opening: () => null,
    failure: () => null,
    open(other) {
      throw new Error(`${name} is not changed for ${other}`);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const page = await startPage({ port: 0, stage });
  return {
    url: page.url,
    sandbox,
    async close() {
      await page.close();
      unfollow();
      walker.stop();
      await scene.close();
    },
  };
}
