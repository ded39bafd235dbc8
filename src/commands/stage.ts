import { composeUnable } from '../core/compose/command-replies.ts';
import { stage as stages } from '../core/incident/terms.ts';
import { code, say } from '../core/text.ts';
import { acting } from './act.ts';

function stageIn(word: string | undefined) {
  return stages.safeParse(word?.toLowerCase()).data ?? null;
}

/** `/sitrep stage`: how far people are; the label follows. It does not resolve: that has a gate of its own. */
export const stage = acting({
  name: 'stage',
  usage: '/sitrep stage investigating/identified/mitigating/monitoring',
  role: 'write',
  summary: 'Changes the stage; the label follows. `/sitrep resolve` ends the incident.',
  examples: ['/sitrep stage monitoring'],
  subcommands: stages.options.filter((one) => one !== 'resolved'),
  accepts: ([word, ...rest]) => stageIn(word) !== null && rest.length === 0,
  decide: ([word], { state, version }) => {
    const to = stageIn(word);
    if (to === 'resolved') {
      const headline = say`😕 The stage ${code('resolved')} is not set by hand`;
      const line = say`${code('/sitrep resolve')} does it, when the success criteria are met.`;
      return { refusal: composeUnable(headline, [line], version), outcome: 'confused' };
    }
    if (state.resolution !== null) {
      const headline = say`👎 The incident is resolved`;
      const line = say`${code('/sitrep reopen')} opens it again; then its stage can change.`;
      return { refusal: composeUnable(headline, [line], version), outcome: 'refused' };
    }
    return { events: to === null || to === state.stage ? [] : [{ kind: 'stage', stage: to }] };
  },
});
