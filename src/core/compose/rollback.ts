import { clock } from '../figures.ts';
import { stateOf } from '../incident/state.ts';
import { cite, code, type Fence, plain, say, type Text } from '../text.ts';
import { type Facts, fewIds } from './facts.ts';
import { goingBack } from './going-back.ts';
import { shortRevision } from './values.ts';

/** A rollback that is worth offering: an older revision is seen to do better than the one that serves. */
interface RollbackOffer {
  component: string;
  /** The revision to go back to. */
  to: string;
  what: Text;
  run: Fence | null;
  evidence: readonly string[];
}

/** The rollback to offer now, whatever the clock says; null where old and new revision do not contrast. */
export function rollbackOffer(facts: Facts): RollbackOffer | null {
  for (const { what, run, back } of goingBack(facts)) {
    if (back !== undefined && back.contrast.length > 0)
      return { component: back.component, to: back.to, what, run, evidence: back.contrast };
  }
  return null;
}

/** `offered since 17:30: `00749-6tr` does better than what serves (E74, E75)`; null where it is not offered. */
export function offeredSince(facts: Facts): Text | null {
  const offer = rollbackOffer(facts);
  if (offer === null) return null;
  const { rollback } = stateOf(facts.snapshot.record ?? []);
  const isSame = rollback?.component === offer.component && rollback.to === offer.to;
  const since = isSame ? say`since ${plain(clock(rollback.at, facts.seen))}` : say`now`;
  const to = say`${code(offer.component)} to ${code(shortRevision(offer.to))}`;
  return say`offered ${since}: ${to}, which does better than what serves ${cite(offer.evidence, fewIds)}`;
}
