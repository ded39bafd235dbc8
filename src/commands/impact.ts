import { composeCut } from '../core/compose/command-replies.ts';
import { keptText } from '../core/incident/kept-text.ts';
import { acting } from './act.ts';

/** `/sitrep impact`: says who is affected, and how; the last word stands. */
export const impact = acting({
  name: 'impact',
  usage: '/sitrep impact TEXT',
  role: 'triage',
  summary: 'States who is affected and how; updates show it as stated, with author and time.',
  examples: ['/sitrep impact nobody in the EU can log in'],
  accepts: (words) => words.length > 0,
  decide: (words, { version }) => {
    const { text, cut } = keptText(words);
    return { events: [{ kind: 'impact', text }], ...(cut ? { say: composeCut(version) } : {}) };
  },
});
