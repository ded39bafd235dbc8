import type { Change } from '../snapshot.ts';
import { cite, code, type Fence, fence, prose, say, type Text } from '../text.ts';
import type { CommandRow } from '../update.ts';
import { amplifiers, rootFinding } from './cause-lines.ts';
import { type Facts, isInTrouble } from './facts.ts';
import { shortRevision } from './values.ts';

/** Something to do, with the command for it where one can be given. */
interface Action {
  what: Text;
  run: Fence | null;
  caution: Text | null;
}

const commandName = /^[a-z0-9][a-z0-9-]{0,99}$/;

/** Causes that going back to the revision before may mend or ease. */
const mendedByGoingBack: ReadonlySet<string> = new Set(['config-drift', 'bad-deploy', 'crash-on-start']);

/** What to do first: going back where a deploy bears on it, otherwise the first action of the plan. */
export function doNow(facts: Facts): { owner: Text; what: Text } | null {
  const [first, second] = actions(facts);
  if (first === undefined) return null;
  const owner = facts.snapshot.incident?.lead === null ? say`, no owner` : say``;
  const caution = first.caution === null ? say`` : say` ${first.caution}`;
  const then = second === undefined ? say`` : say` Then: ${second.what}`;
  return { owner, what: say`${first.what}.${caution}${then}` };
}

/** The commands for what to do now, and for what would decide the cause. */
export function commandsToRun(facts: Facts): CommandRow[] {
  const now = actions(facts).flatMap(({ what, run }) =>
    run === null ? [] : [{ title: say`${what}:`, run }],
  );
  const deciding = facts.diagnosis.missing.map((missing) => ({
    title: say`To learn ${prose(missing.wouldDecide)}:`,
    run: fence('bash', missing.command),
  }));
  return [...now, ...deciding];
}

function actions(facts: Facts): Action[] {
  const { incident } = facts.snapshot;
  if (!isInTrouble(facts) || incident?.stage === 'resolved') return [];
  const planned = facts.configuration.plan.flatMap((phase) => phase.actions).slice(0, 2);
  return [
    ...goingBack(facts).slice(0, 1),
    ...planned.map(({ title, run }) => ({
      what: say`${prose(title)}`,
      run: run === undefined ? null : fence('bash', run),
      caution: null,
    })),
  ].slice(0, 2);
}

/** Shifting traffic back to the revision before a change that the diagnosis names as evidence. */
function goingBack(facts: Facts): Action[] {
  const root = rootFinding(facts.diagnosis);
  const named = [...(root === undefined ? [] : [root]), ...amplifiers(facts.diagnosis)].filter((finding) =>
    mendedByGoingBack.has(finding.cause),
  );
  return named.flatMap((finding) => {
    const change = facts.snapshot.changes.find(
      (found) => found.component === finding.component && finding.evidence.includes(found.id),
    );
    return change === undefined ? [] : shiftTraffic(facts, change, finding === root);
  });
}

function shiftTraffic(facts: Facts, change: Change, isRoot: boolean): Action[] {
  const component = facts.configuration.components[change.component];
  if (component?.type !== 'cloud-run' || change.previousRevision === undefined) return [];
  const to = change.previousRevision;
  const place = facts.configuration.google_cloud;
  const valid = place !== undefined && [component.service, to, place.region, place.project].every(isName);
  const run = valid
    ? `gcloud run services update-traffic ${component.service} --to-revisions=${to}=100 --region=${place.region} --project=${place.project}`
    : null;
  const rest = isRoot ? say`` : say` Eases it; the cause stays.`;
  return [
    {
      what: say`Shift ${code(change.component)} to ${code(shortRevision(to))} ${cite([change.id])}`,
      run: run === null ? null : fence('bash', run),
      caution: say`Check migrations first.${rest}`,
    },
  ];
}

function isName(text: string): boolean {
  return commandName.test(text);
}
