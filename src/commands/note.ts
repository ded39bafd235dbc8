import { composeCut, composeUnable } from '../core/compose/command-replies.ts';
import { timedText } from '../core/event-time.ts';
import { keptText } from '../core/incident/kept-text.ts';
import { code, prose, say } from '../core/text.ts';
import { acting } from './act.ts';

/** `/sitrep note`: something that belongs in the timeline, now or at the time that is given. */
export const note = acting({
  name: 'note',
  usage: '/sitrep note TEXT [at TIME]',
  role: 'triage',
  summary:
    'Puts a note in the timeline, at the time it happened: `17:05`, `yesterday 17:05`, `2025-09-15 17:05`, `15 min ago` (UTC).',
  examples: ['/sitrep note traffic shifted back', '/sitrep note provider confirmed the fault at 17:05'],
  accepts: (words) => words.length > 0,
  decide: (words, { now, version }) => {
    const { words: left, time } = timedText(words, 'at', now);
    if (time !== null && 'error' in time)
      return {
        refusal: composeUnable(say`😕 Nothing was noted`, [say`${prose(time.error)}.`], version),
        outcome: 'confused',
      };
    const { text, cut } = keptText(left);
    if (text === '')
      return {
        refusal: composeUnable(
          say`😕 Nothing was noted`,
          [say`Say what happened: ${code('/sitrep note TEXT [at TIME]')}.`],
          version,
        ),
        outcome: 'confused',
      };
    return {
      events: [{ at: time?.at ?? now, body: { kind: 'note', text } }],
      ...(cut ? { say: composeCut(version) } : {}),
    };
  },
});
