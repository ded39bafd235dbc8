import type { Logger } from 'pino';
import type { Diagnosis } from '../src/core/diagnosis.ts';
import type { Snapshot } from '../src/core/snapshot.ts';
import type { CollectWatch } from '../src/collectors/collect.ts';
import { frozenClock, type SandboxClock } from './clock.ts';
import { openSandbox } from './sandbox.ts';
import { loadScenario } from './scenario/load.ts';
import { advances, describeStep } from './script.ts';

/** A comment of the thread, as a machine reads it. */
export interface PlayedComment {
  author: string;
  body: string;
  /** Of Sitrep's comments the kind of update (`status`, `help`, `refusal` …); `person`, or `bot` for another bot. */
  kind: string;
  /** UTC, ISO 8601. */
  at: string;
  /** GitHub's contents: `eyes`, `rocket` … */
  reactions: string[];
}

/** What a play of a scenario's script gives. */
export interface Played {
  thread: PlayedComment[];
  labels: string[];
  /** Of the last update; null where none was posted. */
  diagnosis: Diagnosis | null;
  snapshot: Snapshot | null;
  /** The thread as Markdown. */
  markdown: string;
}

/** Who looks on at a play. */
export interface PlayWatch {
  /** A step begins: the one of this number, from 1, in which the clock is moved on so many times. */
  onStep(step: { index: number; of: number; words: string; moves: number }): void;
  /** The clock was moved on to this time. */
  onClock(at: Date): void;
  /** The app begins to collect: for a look, or the light set of a sample. */
  onCollection(light: boolean): CollectWatch;
  /** Something that whoever wrote the scenario should know. */
  onNote(words: string): void;
}

/**
 * Plays a scenario's script without a page. The clock stands still between the steps, so that two plays give the
 * same text.
 *
 * @throws where the app asked the stand-ins for something that GitHub or Google would refuse.
 */
export async function playOnce(options: {
  scenario: string;
  log: Logger;
  watch: PlayWatch;
}): Promise<Played> {
  const { watch } = options;
  const loaded = await loadScenario(options.scenario);
  const { scenario } = loaded;
  const sandbox = await openSandbox({
    loaded,
    clock: watchedClock(frozenClock(new Date(scenario.start)), watch),
    log: options.log,
    watchReads: (light) => watch.onCollection(light),
    random: countedIds(),
  });
  try {
    for (const [index, step] of scenario.script.entries()) {
      watch.onStep({
        index: index + 1,
        of: scenario.script.length,
        words: describeStep(step),
        moves: advances(step).length,
      });
      await sandbox.play(step);
    }
    const refusals = [...sandbox.github.refusals, ...sandbox.google.refusals];
    if (refusals.length > 0) throw new Error(`the stand-ins refused:\n${refusals.join('\n')}`);
    for (const asked of new Set(sandbox.google.unrecorded)) watch.onNote(`not in the recording: ${asked}`);
    const issue = sandbox.github.issue(scenario.focus);
    const repository = `${scenario.repository.owner}/${scenario.repository.name}`;
    const kinds = await sandbox.app.kinds(repository, scenario.focus);
    const thread = sandbox.github.thread(scenario.focus).map(({ id, by, bot, body, at, reactions }) => ({
      author: by,
      body,
      kind: kinds.get(id) ?? (bot ? 'bot' : 'person'),
      at,
      reactions,
    }));
    const recorded = await sandbox.app.lastUpdate(repository, scenario.focus);
    return {
      thread,
      labels: issue.labels,
      diagnosis: recorded?.diagnosis ?? null,
      snapshot: recorded?.snapshot ?? null,
      markdown: threadMarkdown(issue, thread),
    };
  } finally {
    await sandbox.close();
  }
}

function watchedClock(clock: SandboxClock, watch: PlayWatch): SandboxClock {
  return {
    now: () => clock.now(),
    advance(milliseconds) {
      clock.advance(milliseconds);
      watch.onClock(clock.now());
    },
  };
}

/** UUIDs in a row: the id of a posting comes from that of its delivery, and stands in the comment. */
function countedIds(): () => string {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`;
}

const emoji: Record<string, string> = { eyes: '👀', rocket: '🚀', confused: '😕', '-1': '👎', '+1': '👍' };

function threadMarkdown(
  issue: { number: number; title: string; labels: string[] },
  thread: PlayedComment[],
): string {
  const head = `# ${issue.title} (#${String(issue.number)})\n\nLabels: ${issue.labels.join(', ')}\n`;
  const comments = thread.map(({ author, at, body, reactions }) => {
    const marks = reactions.map((content) => emoji[content] ?? content).join(' ');
    return `---\n\n**${author}** · ${at}${marks === '' ? '' : ` · ${marks}`}\n\n${body.trim()}\n`;
  });
  return [head, ...comments].join('\n');
}
