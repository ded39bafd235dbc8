import { composeUnable } from '../core/compose/command-replies.ts';
import { composeActionAdded, composeActionKnown, composeNoAction } from '../core/compose/action-replies.ts';
import { timedText } from '../core/event-time.ts';
import { keptText } from '../core/incident/kept-text.ts';
import { code, prose, say } from '../core/text.ts';
import { acting, type Decision, type Situation } from './act.ts';
import { loginOf } from './logins.ts';

const verbs = ['add', 'done', 'reopen'] as const;
const numbered = /^#?(\d{1,4})$/u;

/** `/sitrep action`: the checklist. */
export const action = acting({
  name: 'action',
  usage: '/sitrep action add TEXT [@who] [by TIME] · done N · reopen N',
  role: 'triage',
  summary:
    'Adds an action to the checklist, with its owner and when it is due (`18:30`, `tomorrow 09:00`, `2025-09-16 09:00`; UTC), marks one as done, or opens it again. Ticking the box in the living comment does the same.',
  examples: [
    '/sitrep action add raise the connector to 10 instances @bob by 18:30',
    '/sitrep action done 2',
    '/sitrep action reopen 2',
  ],
  subcommands: verbs,
  accepts: ([verb, ...rest]) => {
    if (verb?.toLowerCase() === 'add') return rest.length > 0;
    return isVerb(verb?.toLowerCase()) && rest.length === 1 && numberIn(rest[0]) !== null;
  },
  decide: ([verb, ...rest], situation) => {
    if (verb?.toLowerCase() === 'add') return add(rest, situation);
    return tick(verb?.toLowerCase() === 'done', numberIn(rest[0]) ?? 0, situation);
  },
});

function isVerb(word: string | undefined): boolean {
  return verbs.some((verb) => verb === word);
}

function numberIn(word: string | undefined): number | null {
  const digits = numbered.exec(word ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The owner stands at the end, before or behind the time. */
function add(words: readonly string[], { state, now, version }: Situation): Decision {
  const behind = ownerOff(words);
  const { words: untimed, time } = timedText(behind.words, 'by', now);
  if (time !== null && 'error' in time)
    return {
      refusal: composeUnable(say`😕 No action was added`, [say`${prose(time.error)}.`], version),
      outcome: 'confused',
    };
  const { words: left, owner } = behind.owner === null ? ownerOff(untimed) : { ...behind, words: untimed };
  const { text: title, cut } = keptText(left);
  if (title === '')
    return {
      refusal: composeUnable(
        say`😕 No action was added`,
        [say`Say what is to be done: ${code('/sitrep action add TEXT [@who] [by TIME]')}.`],
        version,
      ),
      outcome: 'confused',
    };
  const same = state.actions.find(
    (known) => known.done === null && known.title.toLowerCase() === title.toLowerCase(),
  );
  if (same !== undefined) return { events: [], say: composeActionKnown(same, version) };
  const dueAt = time?.at ?? null;
  const number = state.actions.length + 1;
  return {
    events: [{ kind: 'action-added', title, owner, dueAt, phase: null, run: null, planned: false }],
    say: composeActionAdded({ number, owner, dueAt, cut, now, version }),
  };
}

function ownerOff(words: readonly string[]): { words: readonly string[]; owner: string | null } {
  const last = words.at(-1);
  const owner = last?.startsWith('@') === true ? loginOf(last) : null;
  return owner === null ? { words, owner } : { words: words.slice(0, -1), owner };
}

function tick(isDone: boolean, number: number, { state, version }: Situation): Decision {
  const found = state.actions.find((known) => known.number === number);
  if (found === undefined)
    return { refusal: composeNoAction(number, state.actions, version), outcome: 'confused' };
  if ((found.done !== null) === isDone) return { events: [] };
  return { events: [{ kind: isDone ? 'action-done' : 'action-reopened', number }] };
}
