import { composeUnable } from '../core/compose/command-replies.ts';
import { keptText } from '../core/incident/kept-text.ts';
import { prose, say } from '../core/text.ts';
import { readWhy } from '../core/why-statement.ts';
import { acting } from './act.ts';

/** `/sitrep why`: what a person says of the whys. It is shown as stated and changes no verdict. */
export const why = acting({
  name: 'why',
  usage: '/sitrep why ADD/ACCEPT/REFUTE …',
  role: 'triage',
  summary:
    'States something of the whys: `add TEXT`, `accept CAUSE [COMPONENT] [REASON]`, `refute CAUSE [COMPONENT] [REASON]`. No measured verdict changes; a refuted cause is left out of the search.',
  examples: [
    '/sitrep why add the pool was halved on Friday',
    '/sitrep why refute config-drift backend it was rolled back',
  ],
  subcommands: ['add', 'accept', 'refute'],
  accepts: (words) => words.length > 0,
  decide: (words, { configuration, version }) => {
    const { text } = keptText(words);
    const read = readWhy(text, Object.keys(configuration.components));
    if ('error' in read)
      return {
        refusal: composeUnable(say`😕 That why was not understood`, [say`${prose(read.error)}`], version),
        outcome: 'confused',
      };
    return { events: [{ kind: 'why', why: read.why, text }] };
  },
});
