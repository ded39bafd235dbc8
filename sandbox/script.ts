import type { SandboxClock } from './clock.ts';
import type { GitHubStandIn } from './github/server.ts';
import type { ScenarioStep } from './scenario/schema.ts';

const secondsPerUnit: Record<string, number> = { s: 1, m: 60, h: 3_600 };

/** Milliseconds of a script's duration, for example 30m. */
function millisecondsOf(duration: string): number {
  return Number.parseInt(duration, 10) * (secondsPerUnit[duration.slice(-1)] ?? 0) * 1_000;
}

/** Does what a step of a script says; ends when its webhook was answered. */
export async function act(step: ScenarioStep, github: GitHubStandIn, clock: SandboxClock): Promise<void> {
  if ('advance' in step) {
    clock.advance(millisecondsOf(step.advance));
  } else if ('comment' in step) {
    await github.comment(step.comment.by, step.comment.issue, step.comment.body);
  } else {
    const { by, issue, add, remove } = step.label;
    await github.label(by, issue, {
      ...(add === undefined ? {} : { add }),
      ...(remove === undefined ? {} : { remove }),
    });
  }
}

/** A step in a few words, for the progress that is printed. */
export function describeStep(step: ScenarioStep): string {
  if ('advance' in step) return `the clock moves on by ${step.advance}`;
  if ('comment' in step) return `${step.comment.by} writes ${step.comment.body.split('\n', 1)[0] ?? ''}`;
  const { by, add, remove } = step.label;
  return add === undefined ? `${by} removes the label ${remove ?? ''}` : `${by} sets the label ${add}`;
}
