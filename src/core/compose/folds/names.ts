import { code, label, say } from '../../text.ts';
import type { Fold, NameRow } from '../../update.ts';
import { sentence } from '../cause-lines.ts';
import type { Facts } from '../facts.ts';
import { fold } from './fold.ts';

/** Names of the configuration that do not exist, that stand for one resource twice, or that another resource has too. */
export function nameFold(facts: Facts): Fold<NameRow> | null {
  const problems = facts.diagnosis.identities.filter(({ problem }) => problem !== 'none');
  return fold(
    label`Names that do not fit: ${problems.length}`,
    problems.map(({ component, why, evidence }) => ({
      component: say`${code(component)}`,
      what: sentence(why, evidence),
    })),
  );
}
