import type { Finding } from '../diagnosis.ts';
import { lastHealthy } from '../last-healthy.ts';
import { before, current, latest, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Change, Observation } from '../snapshot.ts';
import { atLeast, clock, number } from '../figures.ts';
import { cite, code, type Fence, fence, plain, say, type Text } from '../text.ts';
import { amplifiers, rootFinding } from './findings.ts';
import { type Facts, fewIds } from './facts.ts';
import { shortRevision } from './values.ts';

/** Something to do, with the command for it where one can be given. */
export interface Action {
  what: Text;
  run: Fence | null;
  caution: Text | null;
  /** Missing for what is no rollback. */
  back?: {
    component: string;
    to: string;
    /** Evidence that the old revision does better than the new one; empty where nothing shows it. */
    contrast: readonly string[];
  };
}

const commandName = /^[a-z0-9][a-z0-9-]{0,99}$/;

/** Causes that going back to the revision before may mend or ease. */
const mendedByGoingBack: ReadonlySet<string> = new Set(['config-drift', 'bad-deploy', 'crash-on-start']);

/** Shifting traffic back to the last healthy revision, or else to the one before the change that the diagnosis rests on. */
export function goingBack(facts: Facts): Action[] {
  const root = rootFinding(facts.diagnosis);
  const named = [...(root === undefined ? [] : [root]), ...amplifiers(facts.diagnosis)].filter((finding) =>
    mendedByGoingBack.has(finding.cause),
  );
  return named.flatMap((finding) => {
    const isRoot = finding === root;
    const change = changeBehind(facts, finding, isRoot);
    return change === undefined ? [] : shiftTraffic(facts, change, isRoot);
  });
}

/** The change that the finding cites; of the root also the one that the chain of whys ends with. */
function changeBehind(facts: Facts, finding: Finding, isRoot: boolean): Change | undefined {
  const own = facts.snapshot.changes.filter(
    (change) => change.component === finding.component && change.previousRevision !== undefined,
  );
  const chain = isRoot ? facts.diagnosis.chain.flatMap((step) => step.evidence) : [];
  return own.find(({ id }) => finding.evidence.includes(id)) ?? own.find(({ id }) => chain.includes(id));
}

function shiftTraffic(facts: Facts, change: Change, isRoot: boolean): Action[] {
  const component = facts.configuration.components[change.component];
  if (component?.type !== 'cloud-run' || change.previousRevision === undefined) return [];
  const to = revisionBack(facts, change) ?? change.previousRevision;
  if (servingRevision(facts, change.component) === to || isNoBetter(facts, change, to)) return [];
  const place = facts.configuration.google_cloud;
  const valid = place !== undefined && [component.service, to, place.region, place.project].every(isName);
  const run = valid
    ? `gcloud run services update-traffic ${component.service} --to-revisions=${to}=100 --region=${place.region} --project=${place.project}`
    : null;
  const rest = isRoot ? say`` : say` Eases it; the cause stays.`;
  return [
    {
      what: say`Shift ${code(change.component)} to ${code(shortRevision(to))}${recordOf(facts, change, to)}`,
      run: run === null ? null : fence('bash', run),
      caution: say`Check migrations first.${rest}`,
      back: { component: change.component, to, contrast: contrastOf(facts, change, to) },
    },
  ];
}

/** The last one that is proven healthy, where the change went away from it; null where none is proven. */
function revisionBack({ index }: Facts, { component, revision }: Change): string | null {
  const healthy = lastHealthy(index, component);
  return healthy === null || healthy.revision === revision ? null : healthy.revision;
}

/** The revision that gets most of a service's requests; undefined where that was not read. */
export function servingRevision(facts: Facts, id: string): string | undefined {
  return latest(facts.index, id, signal.servingRevision)?.value;
}

/** What speaks for a revision: requests without 5xx, or that it connects to what it needs; with the change. */
function recordOf(facts: Facts, change: Change, revision: string): Text {
  const served = servedBy(facts, change.component, revision);
  if (served !== null && served.errors === 0) {
    return say`, where 5xx were ${plain(served.figure)} ${cite([change.id, ...served.evidence])}`;
  }
  const connects = current(facts.index, change.component, signal.connectTime).filter(
    (found) => found.revision === revision,
  );
  if (connects.length > 0) {
    return say`, which still connects ${cite([change.id, ...connects.map(({ id }) => id)], fewIds)}`;
  }
  if (served === null) return say`${healthyRecord(facts, change.component, revision)} ${cite([change.id])}`;
  return say`, where 5xx were ${plain(served.figure)} ${cite([change.id, ...served.evidence])}`;
}

/** What shows that a revision does better than the one that the change brought. */
function contrastOf(facts: Facts, change: Change, to: string): string[] {
  const was = servedBy(facts, change.component, to);
  const is = servedBy(facts, change.component, change.revision);
  if (was !== null && is !== null && was.errors / was.requests < is.errors / is.requests)
    return [...was.evidence, ...is.evidence];
  const connects = current(facts.index, change.component, signal.connectTime).filter(
    (found) => found.revision === to,
  );
  if (connects.length > 0) return connects.map(({ id }) => id);
  const healthy = lastHealthy(facts.index, change.component);
  return healthy?.revision === to ? healthy.evidence : [];
}

/** `, which served 1,240 requests until 17:00, 5xx 0 (E12, E13)`; nothing where that is not proven. */
function healthyRecord(facts: Facts, component: string, revision: string): Text {
  const healthy = lastHealthy(facts.index, component);
  if (healthy?.revision !== revision) return say``;
  const { requests, errors, until, evidence } = healthy;
  const when = until === null ? say`` : say` until ${plain(clock(until, facts.seen))}`;
  return say`, which served ${plain(number(requests))} requests${when}, 5xx ${plain(number(errors))} ${cite(evidence)}`;
}

/** Whether the revision to go back to is known to fail no less than the one that the change brought. */
function isNoBetter(facts: Facts, { component, revision }: Change, to: string): boolean {
  const was = servedBy(facts, component, to);
  const is = servedBy(facts, component, revision);
  return (
    was !== null && is !== null && was.errors > 0 && was.errors / was.requests >= is.errors / is.requests
  );
}

interface Served {
  requests: number;
  errors: number;
  /** `at least 3/12` where the reading was cut. */
  figure: string;
  evidence: string[];
}

/** Requests that a revision served in the window, or else in the one before; null where none were read. */
function servedBy(facts: Facts, id: string, revision: string | undefined): Served | null {
  for (const read of [current, before]) {
    const of = (name: string): Observation | undefined =>
      read(facts.index, id, name).find((found) => found.revision === revision);
    const [requests, errors] = [of(signal.revisionRequests), of(signal.revisionServerErrors)];
    const [all, failed] = [numberOf(requests), numberOf(errors)];
    if (requests && errors && all !== null && failed !== null && all > 0) {
      const figure = atLeast(`${failed}/${all}`, requests.partial === true || errors.partial === true);
      return { requests: all, errors: failed, figure, evidence: [requests.id, errors.id] };
    }
  }
  return null;
}

function isName(text: string): boolean {
  return commandName.test(text);
}
