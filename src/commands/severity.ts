import { severity as severities } from '../core/incident/terms.ts';
import { acting } from './act.ts';

function severityIn(word: string | undefined) {
  return severities.safeParse(word?.toUpperCase()).data ?? null;
}

/** `/sitrep severity`: how grave the incident is; its label follows. */
export const severity = acting({
  name: 'severity',
  usage: '/sitrep severity P0/P1/P2/P3',
  role: 'write',
  summary: 'Changes the severity; the label follows.',
  examples: ['/sitrep severity P1'],
  subcommands: severities.options,
  accepts: ([word, ...rest]) => severityIn(word) !== null && rest.length === 0,
  decide: ([word], { state }) => {
    const to = severityIn(word);
    return { events: to === null || to === state.severity ? [] : [{ kind: 'severity', severity: to }] };
  },
});
