import { fence, label, plain, prose, say } from '../../text.ts';
import type { ActionRow, Fold, PreventionRow } from '../../update.ts';
import { spoken, type Facts } from '../facts.ts';
import { fold } from './fold.ts';

/** The plan of the configuration, phase by phase. */
export function planFold(facts: Facts): Fold<ActionRow> | null {
  const { plan } = facts.configuration;
  const rows = plan.flatMap(({ phase, window, actions }) =>
    actions.map(({ title, run }, index): ActionRow => {
      const when = window === undefined ? say`` : say`, ${prose(window)}`;
      return {
        phase: index === 0 ? say`${prose(phase)}${when}` : null,
        action: say`${prose(title)}`,
        run: run === undefined ? null : fence('bash', run),
      };
    }),
  );
  return fold(label`Plan: ${rows.length} actions in ${plan.length} phases`, rows);
}

/** What is to be done so that it does not happen again. */
export function preventionFold(facts: Facts): Fold<PreventionRow> | null {
  const rows = facts.configuration.prevention.map(({ title, horizon }) => ({
    measure: horizon === undefined ? say`${prose(title)}` : say`${prose(title)} (${prose(spoken(horizon))})`,
  }));
  return fold(label`Prevention, for afterwards: ${plain(String(rows.length))}`, rows);
}
