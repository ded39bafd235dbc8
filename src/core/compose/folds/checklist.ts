import { clock } from '../../figures.ts';
import type { ChecklistAction } from '../../incident/state.ts';
import { code, label, plain, prose, say, type Text } from '../../text.ts';
import type { Fold, ItemRow } from '../../update.ts';
import { fold } from './fold.ts';

/** What is left to do, with who does it and by when; late ones say so. Steps of the plan that nobody took on come last. */
export function openFold(actions: readonly ChecklistAction[], seen: string): Fold<ItemRow> | null {
  const open = actions.filter(({ done }) => done === null);
  const ordered = [...open.filter(({ planned }) => !planned), ...open.filter(({ planned }) => planned)];
  return fold(
    label`Open: ${open.length}`,
    ordered.map(({ number, title, owner, dueAt, planned, phase }) => {
      const who = owner === null ? say`**nobody**` : say`${code(owner)}`;
      const late = dueAt !== null && Date.parse(dueAt) < Date.parse(seen) ? say`, **late**` : say``;
      const due = dueAt === null ? say`` : say`, due ${plain(clock(dueAt, seen))}${late}`;
      return {
        text: say`**${number}** ${prose(title)}: ${who}${due}${planned ? ofPlan(phase) : say``} (record)`,
      };
    }),
  );
}

function ofPlan(phase: string | null): Text {
  return phase === null ? say`, of the plan` : say`, of the plan: ${prose(phase)}`;
}

/** What people did. */
export function doneFold(actions: readonly ChecklistAction[], seen: string): Fold<ItemRow> | null {
  const rows = actions.flatMap(({ number, title, done }) =>
    done === null
      ? []
      : [
          {
            text: say`**${number}** ${prose(title)}: ${code(done.by)}, ${plain(clock(done.at, seen))} (record)`,
          },
        ],
  );
  return fold(label`Done: ${rows.length}`, rows);
}
