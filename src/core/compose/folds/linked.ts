import { current } from '../../observations.ts';
import { repositoryId } from '../../repository-id.ts';
import { signal } from '../../signals.ts';
import type { Observation } from '../../snapshot.ts';
import { cite, code, issue, label, prose, say, type Text, type Value } from '../../text.ts';
import type { Fold, ItemRow } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { fold } from './fold.ts';

/** Issues and pull requests that refer to the incident's, as GitHub lists them. */
export function linkedFold(facts: Facts): Fold<ItemRow> | null {
  const found = current(facts.index, repositoryId, signal.reference);
  return fold(
    label`Linked issues and pull requests: ${found.length}`,
    found.map((one) => ({ text: linkLine(one) })),
  );
}

/** `#1279, pull request, open: Deploy auth and backend one after the other (E795)`. */
function linkLine({ id, value, text }: Observation): Text {
  const what = text === undefined ? say`` : say`, ${prose(text)}`;
  return say`${nameOf(value)}${what} ${cite([id])}`;
}

/** One of another repository is named, and no link is made of it. */
function nameOf(value: string): Value {
  const number = /^#(\d{1,10})$/u.exec(value)?.[1];
  return number === undefined ? code(value) : issue(Number(number));
}
