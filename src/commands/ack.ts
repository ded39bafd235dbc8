import { acting } from './act.ts';

/** `/sitrep ack`: says that somebody looks after the incident; the first one counts. */
export const ack = acting({
  name: 'ack',
  usage: '/sitrep ack',
  role: 'triage',
  summary: 'Acknowledges the incident; the time from its declaration until then is kept.',
  examples: ['/sitrep ack'],
  accepts: (words) => words.length === 0,
  decide: () => ({ events: [{ kind: 'acknowledged' }] }),
});
