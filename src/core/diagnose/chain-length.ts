import type { WhyStep } from '../diagnosis.ts';
import { sortedIds } from '../observations.ts';
import { list } from './wording.ts';

/** Whys that a reader follows: five in the method's name, seven where the evidence goes on. */
export const longestChain = 7;

/**
 * Joins opening, hops and end. Where that is too long, the steps within a component give way first, then hops
 * are joined from the front: the effect of the first, the cause of the last, the evidence of both.
 */
export function shorten(
  opening: WhyStep,
  hops: readonly (readonly WhyStep[])[],
  end: readonly WhyStep[],
): WhyStep[] {
  const room = longestChain - 1 - end.length;
  const full = hops.flat();
  if (full.length <= room) return linked([opening, ...full, ...end]);
  const single = hops.flatMap((steps) => steps.slice(-1));
  return linked([opening, ...joined(single, Math.max(1, room)), ...end]);
}

function joined(hops: readonly WhyStep[], most: number): WhyStep[] {
  const passed = hops.slice(0, Math.max(0, hops.length - most));
  const [first] = passed;
  const [last, ...rest] = hops.slice(passed.length);
  if (!first || !last) return [...hops];
  const all = [...passed, last];
  const shares = all.map(({ share }) => share);
  const known = shares.filter((share) => share !== null);
  const names = passed.map(({ cause }) => cause?.component ?? '');
  const through: WhyStep = {
    ...last,
    question: first.question,
    answer: `${last.answer.replace(/\.$/, '')}; between them ${names.length > 1 ? 'are' : 'is'} ${list(names)}.`,
    effect: first.effect,
    evidence: sortedIds(all.flatMap(({ evidence }) => evidence)),
    share: known.length < shares.length ? null : known.reduce((product, share) => product * share, 1),
    confidence: all.some(({ confidence }) => confidence === 'unknown') ? 'unknown' : last.confidence,
  };
  return [through, ...rest];
}

/** Each effect is the cause of the step before: a step that lost its predecessor asks about what is left. */
function linked(steps: readonly WhyStep[]): WhyStep[] {
  return steps.map((step, at) => {
    const before = steps[at - 1]?.cause;
    return before ? { ...step, effect: before } : step;
  });
}
