import { pino } from 'pino';
import { createLog } from '../src/log.ts';
import { runningClock } from './clock.ts';
import { startPage } from './page/server.ts';
import { loadScenario } from './scenario/load.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

/** The sandbox with its page. */
export interface RunningSandbox extends Sandbox {
  /** Origin of the page. */
  url: string;
}

export interface RunOptions {
  /** A name of `sandbox/scenarios/`, or a directory of the same form. */
  scenario: string;
  /** Port of the page; 0 takes a free one. */
  port: number;
  log?: Parameters<typeof openSandbox>[0]['log'];
}

/** Opens the sandbox and serves its page on 127.0.0.1; its clock runs on from the scenario's start. */
export async function startSandbox(options: RunOptions): Promise<RunningSandbox> {
  const loaded = await loadScenario(options.scenario);
  const clock = runningClock(new Date(loaded.scenario.start), Date.now);
  const sandbox = await openSandbox({
    loaded,
    clock,
    log: options.log ?? createLog('warn', pino.destination(2)),
  });
  try {
    const page = await startPage({
      port: options.port,
      github: sandbox.github,
      scenario: loaded.scenario,
      clock,
      focus: loaded.scenario.focus,
    });
    return {
      ...sandbox,
      url: page.url,
      async close() {
        await page.close();
        await sandbox.close();
      },
    };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}
