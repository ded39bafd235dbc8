import { symptomQuestion, symptomSignal } from '../diagnose/symptom.ts';
import { clock, clockOf, code, span } from '../diagnose/wording.ts';
import type { WhyStep } from '../diagnosis.ts';
import { sortedIds, time } from '../observations.ts';
import type { Change } from '../snapshot.ts';
import type { Mechanism } from './drift-mechanisms.ts';
import type { Item, RuleContext } from './rule.ts';

/** The why that a changed setting answers. */
export function stepOf(
  { found, component }: RuleContext,
  change: Change,
  mechanism: Mechanism,
  items: readonly Item[],
): WhyStep {
  const shown = ['mechanism', 'after', 'contrast'].every((key) =>
    items.some((item) => item.key === key && item.holds === true),
  );
  return {
    question: symptomQuestion(found, component),
    answer: `Because ${revisionOf(change)}, deployed at ${clock(change.at, found.index.takenAt)} UTC, changed ${differenceOf(mechanism)}, and ${mechanism.clause}.`,
    effect: { component, signal: symptomSignal(found, component) },
    cause: { component, signal: mechanism.difference.key },
    edge: 'change',
    evidence: sortedIds([change.id, ...mechanism.evidence]),
    share: null,
    confidence: shown ? 'confirmed' : 'probable',
  };
}

/** What speaks for or against a changed setting, in one sentence. */
export function reasonOf(
  context: RuleContext,
  change: Change,
  mechanism: Mechanism,
  items: readonly Item[],
): string {
  const { found } = context;
  const changed = `${revisionOf(change)} changed ${differenceOf(mechanism)} at ${clock(change.at, found.index.takenAt)} UTC`;
  const after = items.find((item) => item.key === 'after')?.holds;
  const earlier = time(change.at) - (context.onset?.at ?? Number.NaN);
  const worse = worsening(mechanism);
  if (after === false && context.onset) {
    return `${changed}, but the failures began at ${clockOf(context.onset.at, found.index.takenAt)}, ${span(earlier)} before${worse}`;
  }
  if (items.some((item) => item.key === 'failed-before' && item.holds === true)) {
    return `${changed}, but the revision before it, with the old value, fails as well${worse}`;
  }
  if (mechanism.holds !== true) return `${changed}, but ${mechanism.clause}`;
  return `${changed}, and ${mechanism.clause}`;
}

function worsening(mechanism: Mechanism): string {
  if (mechanism.holds === true) return `; it makes the failure worse (${mechanism.clause})`;
  return mechanism.amplifies ? '; it may make the failure worse' : '';
}

/** The revision that a change made. */
export function revisionOf(change: Change): string {
  return code(change.revision ?? 'a new revision');
}

function differenceOf({ difference: { key, from, to } }: Mechanism): string {
  return `${code(key)} from ${from === null ? 'unset' : code(from)} to ${to === null ? 'unset' : code(to)}`;
}
