import type { GitHubRequest } from './github/types.ts';
import type { GoogleRequest } from './google/server.ts';
import { seenComponents } from './components.ts';
import type { PageScene, SeenRequest } from './page/port.ts';
import type { Sandbox } from './sandbox.ts';
import { createSwitches } from './switches.ts';
import { createWalker } from './walk.ts';

/** A sandbox as the page plays it. */
export interface Scene extends PageScene {
  sandbox: Sandbox;
  close(): Promise<void>;
}

/** Puts the page's controls on a sandbox. `told` is called when the clock was moved. */
export function createScene(name: string, sandbox: Sandbox, told: () => void): Scene {
  const { github, google, clock, loaded, app } = sandbox;
  const { scenario, configuration } = loaded;
  const walker = createWalker(clock, () => sandbox.rest(), told);
  return {
    name,
    sandbox,
    scenario,
    focus: scenario.focus,
    clock,
    github,
    requests: () => [...github.requests.map(toGitHub), ...google.requests.map(toGoogle)],
    faults: createSwitches(github, google, scenario.focus),
    async components() {
      const { owner, name: repository } = scenario.repository;
      const look = await app.lastLook(`${owner}/${repository}`, scenario.focus);
      return seenComponents(configuration, look?.snapshot ?? null);
    },
    walk: (minutes) => walker.walk(minutes),
    walking: () => walker.walking(),
    async close() {
      walker.stop();
      await sandbox.close();
    },
  };
}

function toGitHub({ at, method, path, status, startedAt, endedAt }: GitHubRequest): SeenRequest {
  const answered = endedAt > startedAt ? endedAt : null;
  return { to: 'GitHub', api: null, at, method, path, status, startedAt, endedAt: answered };
}

function toGoogle({ api, at, method, path, query, status, startedAt, endedAt }: GoogleRequest): SeenRequest {
  const whole = query === '' ? path : `${path}?${query}`;
  return { to: 'Google', api, at, method, path: whole, status, startedAt, endedAt };
}
