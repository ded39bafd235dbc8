import { composeUnable } from '../core/compose/command-replies.ts';
import { roleSuffices, type Role } from '../core/roles.ts';
import { code, plain, say } from '../core/text.ts';
import { actingUpon } from './act.ts';
import { toldRole } from './counted-role.ts';
import { loginOf } from './logins.ts';

/** What who leads must be able to do: give commands. */
const needed: Role = 'triage';

/** `/sitrep lead`: takes or gives the lead, and acknowledges where nobody had. */
export const lead = actingUpon<Role | null>({
  name: 'lead',
  usage: '/sitrep lead [@who]',
  role: 'triage',
  summary: 'Takes the lead, or gives it to somebody, and assigns the issue; acknowledges where nobody had.',
  examples: ['/sitrep lead', '/sitrep lead @alice'],
  accepts: (words) => words.length <= 1 && (words.length === 0 || loginOf(words[0]) !== null),
  // Whoever gave the command has proven a role already.
  enquire: async (deps, invocation, words) => {
    const login = loginOf(words[0]);
    return login === null ? null : (await toldRole(deps, invocation, login)).fact;
  },
  decide: (words, { invocation, state, version }, held) => {
    const who = loginOf(words[0]) ?? invocation.actor;
    if (held !== null && !roleSuffices(held, needed)) {
      const holds = held === 'none' ? say`no role` : say`the role **${plain(held)}**`;
      const headline = say`👎 ${code(who)} cannot lead: ${holds} in this repository`;
      const line = say`Who leads needs the role **${plain(needed)}** at least, to give commands here.`;
      return { refusal: composeUnable(headline, [line], version), outcome: 'refused' };
    }
    return {
      events: [
        ...(isSame(state.lead, who) ? [] : [{ kind: 'lead' as const, lead: who }]),
        ...(state.acknowledged === null ? [{ kind: 'acknowledged' as const }] : []),
      ],
      assign: who,
    };
  },
});

function isSame(leads: string | null, who: string): boolean {
  return leads !== null && leads.toLowerCase() === who.toLowerCase();
}
