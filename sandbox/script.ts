import type { GitHubStandIn } from './github/server.ts';
import type { ScenarioStep } from './scenario/schema.ts';

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

/** Does what a person does in a step of a script; ends when its webhook was answered. */
export async function act(
  step: Exclude<ScenarioStep, { advance: string }>,
  github: GitHubStandIn,
): Promise<void> {
  if ('comment' in step) {
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
