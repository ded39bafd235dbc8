import { frozenClock } from '../../sandbox/clock.ts';
import { openSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.ts';
import { createLog } from '../../src/log.ts';
import type { Scenario } from '../../sandbox/scenario/schema.ts';
import { loadedScenario } from '../scenarios/loaded.ts';

/** The real app between the stand-ins, and what its log said. */
export interface Play extends Sandbox {
  logged: string[];
  /** Writes a comment on the scenario's issue and waits until all is done; gives what came after it but the living comment. */
  say: (by: string, body: string) => Promise<{ reactions: string[]; replies: string[] }>;
}

export interface PlayOptions extends Partial<
  Pick<
    SandboxOptions,
    'manifest' | 'databaseUrl' | 'githubTimeoutMs' | 'templateMs' | 'settleMs' | 'githubWrites' | 'variables'
  >
> {
  scenario?: string;
  /** Changes the scenario before it starts. */
  change?: (scenario: Scenario) => void;
  /** What is logged; `info` where it is missing. */
  logLevel?: 'info' | 'debug';
  /** Text of `.github/sitrep.yml` instead of the scenario's; null for no file. */
  configuration?: string | null;
  policy?: string;
}

/** Opens a scenario whose clock stands still. */
export async function openPlay(options: PlayOptions = {}): Promise<Play> {
  const loaded = await loadedScenario(options.scenario ?? 'connector-saturated');
  const { scenario } = loaded;
  options.change?.(scenario);
  const logged: string[] = [];
  const log = createLog(options.logLevel ?? 'info', { write: (line: string) => void logged.push(line) });
  const sandbox = await openSandbox({
    loaded: {
      ...loaded,
      configuration: options.configuration ?? loaded.configuration,
      policy: options.policy ?? loaded.policy,
    },
    clock: frozenClock(new Date(scenario.start)),
    retryDelaySeconds: 0,
    settleMs: options.settleMs ?? 50,
    log,
    ...(options.githubWrites === undefined ? {} : { githubWrites: options.githubWrites }),
    ...(options.variables === undefined ? {} : { variables: options.variables }),
    ...(options.manifest === undefined ? {} : { manifest: options.manifest }),
    ...(options.githubTimeoutMs === undefined ? {} : { githubTimeoutMs: options.githubTimeoutMs }),
    ...(options.templateMs === undefined ? {} : { templateMs: options.templateMs }),
    ...(options.databaseUrl === undefined ? {} : { databaseUrl: options.databaseUrl }),
  });
  if (options.configuration === null) sandbox.github.putFile('.github/sitrep.yml', null);
  return {
    ...sandbox,
    logged,
    async say(by, body) {
      const issue = scenario.focus;
      const before = sandbox.github.thread(issue).length;
      const { commentId } = await sandbox.github.comment(by, issue, body);
      await sandbox.rest();
      const thread = sandbox.github.thread(issue);
      return {
        reactions: thread.find(({ id }) => id === commentId)?.reactions ?? [],
        replies: thread
          .slice(before)
          .flatMap((comment) => (comment.bot && !comment.pinned ? [comment.body] : [])),
      };
    },
  };
}
