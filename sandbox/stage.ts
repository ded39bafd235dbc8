import type { Logger } from 'pino';
import { runningClock } from './clock.ts';
import type { Opening, PageStage } from './page/port.ts';
import { loadScenario } from './scenario/load.ts';
import { shippedScenarios } from './scenario/shipped.ts';
import { openSandbox } from './sandbox.ts';
import { createScene, type Scene } from './scene.ts';

/** Holds the scenario that is played, and changes it for another one. */
export interface Stage extends PageStage {
  scene(): Scene;
  close(): Promise<void>;
}

/** Opens a scenario; its clock runs on from its start. */
export async function openStage(scenario: string, log: Logger): Promise<Stage> {
  const listeners = new Set<() => void>();
  const told = (): void => listeners.forEach((listener) => listener());
  const enter = async (name: string): Promise<Scene> => {
    const loaded = await loadScenario(name);
    const clock = runningClock(new Date(loaded.scenario.start), Date.now);
    return createScene(name, await openSandbox({ loaded, clock, log }), told);
  };
  const shipped = await shippedScenarios();
  let scene = await enter(scenario);
  let unfollow = scene.github.onChange(told);
  const own = { name: scene.name, title: scene.scenario.title };
  const scenarios = shipped.some(({ name }) => name === own.name) ? shipped : [own, ...shipped];
  let opening: Opening | null = null;
  let changing: Promise<void> = Promise.resolve();
  let failure: string | null = null;
  let closed = false;

  /** The new one is opened before the old one is closed: one that cannot be opened takes nothing away. */
  async function change({ name, title }: { name: string; title: string }): Promise<void> {
    const step = (text: string): void => {
      opening = { title, step: text };
      told();
    };
    try {
      failure = null;
      step('1 of 2: starting its stand-ins and the app');
      const next = await enter(name);
      if (closed) return await next.close();
      const old = scene;
      unfollow();
      scene = next;
      unfollow = scene.github.onChange(told);
      step('2 of 2: ending the scenario before');
      await old.close();
    } catch (error) {
      failure = `“${title}” cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      opening = null;
      told();
    }
  }

  return {
    scene: () => scene,
    scenarios,
    opening: () => opening,
    failure: () => failure,
    open(name) {
      const chosen = scenarios.find((one) => one.name === name);
      if (!chosen) throw new Error(`There is no scenario ${JSON.stringify(name)}.`);
      if (opening !== null) throw new Error(`“${opening.title}” is being opened; wait for it.`);
      changing = change(chosen);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      closed = true;
      await changing;
      unfollow();
      await scene.close();
    },
  };
}
