import { stateOf } from '../diagnose/case.ts';
import type { Case } from '../diagnose/case.ts';
import { clock } from '../diagnose/wording.ts';
import type { Contradiction } from '../diagnosis.ts';
import { time } from '../observations.ts';
import type { ComponentState, Statement } from '../snapshot.ts';
import { servingTypes } from '../states/serving.ts';
import { sentencesOf } from './capacity.ts';

/** A sentence that begins with the availability of all and gives it as present: no target, and of no single service. */
const pattern =
  /^[\s*_>-]{0,6}(?:the |our |overall |total |current ){0,2}(?:services? |system |staging )?availability (?:is|is now|=|:)\s?(\d{1,3}(?:\.\d{1,3})?)\s?%/i;

/** Words of a goal, a past or a condition. */
const notPresent = /\b(?:target|goal|slo|sla|should|was|were|if|until|must)\b/i;

/**
 * An availability that somebody stated within the window against the share of serving components that are healthy
 * now. Only a figure that means another number of components is one: it lies more than half a component off, for
 * whatever the states that could not be read may be.
 */
export function statedAvailability(found: Case, statements: readonly Statement[]): Contradiction[] {
  const { configuration, index } = found;
  const types = servingTypes(configuration);
  const serving = Object.entries(configuration.components).flatMap(([id, { type }]) =>
    types.includes(type) ? [id] : [],
  );
  const having = (state: ComponentState): string[] => serving.filter((id) => stateOf(found, id) === state);
  const [healthy, unknown] = [having('healthy'), having('unknown')];
  if (serving.length === 0 || unknown.length === serving.length) return [];
  const half = 0.5 / serving.length;
  const [low, high] = [
    healthy.length / serving.length - half,
    (healthy.length + unknown.length) / serving.length + half,
  ];
  const claims = statements
    .filter(({ at }) => time(at) >= time(index.window.from) && time(at) <= time(index.takenAt))
    .flatMap(({ text, url }) => statedShares(text).map((share) => ({ share, url })))
    .filter(({ share }) => share < low || share > high);
  // What shows most plainly that the figure does not hold: one that works, or one that does not.
  const shown = claims.some(({ share }) => share < low)
    ? healthy[0]
    : serving.find((id) => !['healthy', 'unknown'].includes(stateOf(found, id)));
  const evidence = shown === undefined ? undefined : found.states[shown]?.evidence[0];
  if (claims.length === 0 || shown === undefined || evidence === undefined) return [];
  const open = unknown.length > 0 ? `, ${unknown.length} unknown` : '';
  const value = `${healthy.length} of ${serving.length} up${open} at ${clock(index.takenAt, index.takenAt)} UTC`;
  return [
    {
      about: { component: configuration.environment ?? 'services', signal: 'availability.share' },
      kind: 'stated-measured',
      sides: [
        { value, evidence },
        ...claims.map(({ share, url }) => ({
          value: `${Number((share * 100).toFixed(3))} %`,
          statement: url,
        })),
      ],
    },
  ];
}

/** Shares, 0 to 1, that a text states of the availability as a whole, each once. */
function statedShares(text: string): number[] {
  const shares = sentencesOf(text)
    .filter((sentence) => !notPresent.test(sentence))
    .flatMap((sentence) => pattern.exec(sentence)?.[1] ?? [])
    .map((percent) => Number(percent) / 100)
    .filter((share) => share <= 1);
  return [...new Set(shares)];
}
