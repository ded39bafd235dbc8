import { boxesOf, withBox, type TaskBox } from './boxes.ts';
import type { GitHubStandIn, ThreadComment } from './github/types.ts';
import type { ScenarioStep } from './scenario/step.ts';

type Act = Exclude<ScenarioStep, { advance: string }>;
type Ticking = Extract<ScenarioStep, { tick: unknown }>['tick'];

const secondsPerUnit: Record<string, number> = { s: 1, m: 60, h: 3_600 };

/** Milliseconds of a script's duration, for example 30m. */
function millisecondsOf(duration: string): number {
  return Number.parseInt(duration, 10) * (secondsPerUnit[duration.slice(-1)] ?? 0) * 1_000;
}

/**
 * How the clock moves on in a step: minute by minute, so that what comes every minute, a sample, comes as it would have.
 */
export function advances(step: ScenarioStep): number[] {
  if (!('advance' in step)) return [];
  const whole = millisecondsOf(step.advance);
  const minutes = Array.from({ length: Math.floor(whole / minuteMs) }, () => minuteMs);
  const rest = whole % minuteMs;
  return rest === 0 ? minutes : [...minutes, rest];
}

const minuteMs = 60_000;

/**
 * Does what a person does in a step of a script; ends when its webhook was answered.
 *
 * @throws where GitHub does not let them, or the box is not there to be ticked.
 */
export async function act(step: Act, github: GitHubStandIn): Promise<void> {
  if ('comment' in step) {
    await github.comment(step.comment.by, step.comment.issue, step.comment.body);
  } else if ('label' in step) {
    const { by, issue, add, remove } = step.label;
    await github.label(by, issue, {
      ...(add === undefined ? {} : { add }),
      ...(remove === undefined ? {} : { remove }),
    });
  } else if ('open' in step) {
    const { by, ...issue } = step.open;
    await github.openIssue(by, issue);
  } else if ('close' in step) {
    await github.closeIssue(step.close.by, step.close.issue, step.close.reason);
  } else if ('reopen' in step) {
    await github.reopenIssue(step.reopen.by, step.reopen.issue);
  } else if ('tick' in step) {
    await setBox(github, step.tick, true);
  } else {
    await setBox(github, step.untick, false);
  }
}

/** Ticks or clears a box as GitHub's page does it: by an edit of the comment that holds it. */
async function setBox(github: GitHubStandIn, { by, issue, action }: Ticking, ticked: boolean): Promise<void> {
  const comment = livingComment(github, issue);
  const box = boxFor(boxesOf(comment.body), action);
  if (box.ticked === ticked) throw new Error(`"${box.text}" is ${ticked ? 'ticked' : 'not ticked'} already`);
  await github.editComment(by, comment.id, withBox(comment.body, box, ticked));
}

/** The App's comment that is pinned; where none is, its last one with boxes. */
function livingComment(github: GitHubStandIn, issue: number): ThreadComment {
  const own = github.thread(issue).filter(({ by }) => by === `${github.app.slug}[bot]`);
  const living = own.find(({ pinned }) => pinned) ?? own.findLast(({ body }) => boxesOf(body).length > 0);
  if (!living) throw new Error(`issue #${String(issue)} has no comment of ${github.app.slug} with a box`);
  return living;
}

/** The box that a step means: by its place, or by what stands beside it. */
function boxFor(boxes: readonly TaskBox[], action: string | number): TaskBox {
  const fitting =
    typeof action === 'number'
      ? boxes.slice(action - 1, action)
      : boxes.filter(({ text }) => text.includes(action));
  const exact = fitting.filter(({ text }) => text === action);
  const [found, other] = exact.length > 0 ? exact : fitting;
  if (found && !other) return found;
  const there = boxes.map(({ text }, index) => `${String(index + 1)}: ${text}`).join('\n');
  throw new Error(
    `${found ? 'several boxes are' : 'no box is'} ${JSON.stringify(action)}; there are\n${there}`,
  );
}

/** A step in a few words, for the progress that is printed. */
export function describeStep(step: ScenarioStep): string {
  if ('advance' in step) return `the clock moves on by ${step.advance}`;
  if ('comment' in step) return `${step.comment.by} writes ${step.comment.body.split('\n', 1)[0] ?? ''}`;
  if ('open' in step) return `${step.open.by} opens the issue ${step.open.title}`;
  if ('close' in step) return `${step.close.by} closes #${String(step.close.issue)}`;
  if ('reopen' in step) return `${step.reopen.by} reopens #${String(step.reopen.issue)}`;
  if ('tick' in step) return `${step.tick.by} ticks ${boxInWords(step.tick)}`;
  if ('untick' in step) return `${step.untick.by} unticks ${boxInWords(step.untick)}`;
  const { by, add, remove } = step.label;
  return add === undefined ? `${by} removes the label ${remove ?? ''}` : `${by} sets the label ${add}`;
}

function boxInWords({ action }: Ticking): string {
  return typeof action === 'number' ? `box ${String(action)}` : action;
}
