import type { Diagnosis } from '../diagnosis.ts';
import { isCauseId } from '../causes.ts';
import { classOfCause } from '../diagnose/classification.ts';
import { share } from '../figures.ts';
import type { ChecklistAction } from '../incident/state.ts';
import { cite, code, join, plain, prose, say, type Text } from '../text.ts';
import { causeName } from './cause-lines.ts';
import { fewIds } from './facts.ts';

type Kind = 'application' | 'infrastructure' | 'process';

/** Something open that counts for one of the three. */
interface Part {
  kind: Kind;
  what: Text;
}

/**
 * Which share of what is open is application, infrastructure and process, each with its parts. Open are the causes that
 * are not only possible, by their class, and the actions that stand still: those without an owner, and late ones, which
 * are work of people and not of software. Empty where nothing is open. A redacted one counts, and gives no share.
 */
export function shareLines(
  { findings, root }: Pick<Diagnosis, 'findings' | 'root'>,
  actions: readonly ChecklistAction[],
  now: string,
  redacted = false,
): Text[] {
  const parts = [
    ...findings
      .filter(
        ({ cause, component, verdict, role }) =>
          verdict !== 'unknown' &&
          (role === 'amplifier' || (cause === root.cause && component === root.component) || role === 'root'),
      )
      .flatMap(({ cause, component, evidence }): Part[] => {
        const kind = kindOf(cause);
        if (kind === null) return [];
        return [
          { kind, what: say`${plain(causeName(cause))} (${code(component)}) ${cite(evidence, fewIds)}` },
        ];
      }),
    ...actions.flatMap((action) => stalled(action, now)),
  ];
  return (['application', 'infrastructure', 'process'] as const).flatMap((kind) => {
    const own = parts.filter((part) => part.kind === kind);
    if (own.length === 0) return [];
    const what = join(
      own.map((part) => part.what),
      say`; `,
    );
    const part = redacted ? say`` : say`${plain(share(own.length / parts.length))}, `;
    return [say`**${names[kind]}** ${part}${own.length} of ${parts.length} open: ${what} (record)`];
  });
}

const names = { application: say`Application`, infrastructure: say`Infrastructure`, process: say`Process` };

function kindOf(cause: string): Kind | null {
  const found = isCauseId(cause) ? classOfCause[cause] : 'unknown';
  if (found === 'unknown') return null;
  return found === 'application' ? 'application' : 'infrastructure';
}

function stalled({ number, title, owner, dueAt, done, planned }: ChecklistAction, now: string): Part[] {
  if (done !== null || (planned && owner === null)) return [];
  const isLate = dueAt !== null && Date.parse(dueAt) < Date.parse(now);
  if (owner !== null && !isLate) return [];
  const why = owner === null ? say`nobody owns it` : say`late`;
  return [{ kind: 'process', what: say`action ${number}, ${prose(title)}, ${why}` }];
}
