import { composeUnable, composeUnlinked } from '../core/compose/command-replies.ts';
import type { IncidentEvent } from '../core/incident/events.ts';
import type { RegressionLink } from '../core/incident/state.ts';
import { say } from '../core/text.ts';
import { acting } from './act.ts';

/** `/sitrep not-regression`: undoes the link, the label, and the severity where that was raised for it. */
export const notRegression = acting({
  name: 'not-regression',
  usage: '/sitrep not-regression',
  role: 'write',
  summary: 'Unlinks the earlier incident; its label and the severity that was raised for it are undone.',
  examples: ['/sitrep not-regression'],
  accepts: (words) => words.length === 0,
  decide: (_words, { state, record, version }) => {
    const { regression, severity } = state;
    if (regression === null) {
      const headline = say`😕 This incident is linked to no earlier one`;
      return { refusal: composeUnable(headline, [], version), outcome: 'confused' };
    }
    const { of, raised, raisedFrom } = regression;
    const back = raised && severity === 'P0' && !wasChosen(record, regression);
    return {
      events: [
        { kind: 'not-regression', of },
        ...(back ? [{ kind: 'severity' as const, severity: raisedFrom }] : []),
      ],
      say: composeUnlinked({ of, severity: back ? { to: raisedFrom } : null, version }),
    };
  },
});

/** Whether a person set the severity after it was raised: then it is theirs. */
function wasChosen(record: readonly IncidentEvent[], { of, at }: RegressionLink): boolean {
  const linked = record.findLastIndex(
    (event) => event.body.kind === 'regression' && event.body.of === of && event.at === at,
  );
  return record.slice(linked + 1).some(({ body, by }) => body.kind === 'severity' && by !== 'sitrep');
}
