import { pino, type Logger } from 'pino';
import { createLog } from '../src/log.ts';
import { startPage } from './page/server.ts';
import type { Sandbox } from './sandbox.ts';
import { openStage } from './stage.ts';

/** The sandbox with its page. */
export interface RunningSandbox {
  /** Origin of the page. */
  url: string;
  /** What is played now; another one after a change of scenario. */
  sandbox(): Sandbox;
  close(): Promise<void>;
}

export interface RunOptions {
  /** A name of `sandbox/scenarios/`, or a directory of the same form. */
  scenario: string;
  /** Port of the page; 0 takes a free one. */
  port: number;
  log?: Logger;
}

/** Opens the sandbox and serves its page on 127.0.0.1; its clock runs on from the scenario's start. */
export async function startSandbox({ scenario, port, log }: RunOptions): Promise<RunningSandbox> {
  const stage = await openStage(scenario, log ?? createLog('warn', pino.destination(2)));
  try {
    const page = await startPage({ port, stage });
    return {
      url: page.url,
      sandbox: () => stage.scene().sandbox,
      async close() {
        await page.close();
        await stage.close();
      },
    };
  } catch (error) {
    await stage.close();
    throw error;
  }
}
