import { clock, counted, number } from '../figures.ts';
import { driftOf, lastHealthy } from '../last-healthy.ts';
import { latest } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Change } from '../snapshot.ts';
import { cite, code, ids, label, plain, type Plain, say, type Text } from '../text.ts';
import type { DiffRow, DiffUpdate } from '../update.ts';
import { factsOf, type Facts, fewIds, type StatusInput } from './facts.ts';
import { citedIds } from './cited.ts';
import { citedEvidenceFold } from './folds/evidence.ts';
import { fold } from './folds/fold.ts';
import { updateFooter } from './update-footer.ts';
import { readingLine } from './reading.ts';
import { setting, shortRevision } from './values.ts';

/**
 * What the serving revisions have otherwise than those that are proven to have served healthily last, and than those
 * right before them.
 *
 * @param only Id of the one component to show; null for all services.
 */
export function composeDiff(input: StatusInput, only: string | null): DiffUpdate {
  const facts = factsOf(input);
  const shown = Object.entries(facts.configuration.components).flatMap(([id, { type }]) =>
    type === 'cloud-run' && (only === null || id === only) ? [id] : [],
  );
  if (facts.redacted !== undefined) return redactedDiff(facts, shown);
  const services = shown.map((id) => service(facts, id));
  const healthy = services.flatMap((one) => rowsOf(one, one.drift));
  const before = services.flatMap((one) => rowsOf(one, one.change));
  const lines = {
    headline:
      services.length === 0
        ? say`The configuration has no Cloud Run service`
        : say`What serves now, against the revisions before it`,
    reading: readingLine(facts),
  };
  const folds = {
    services: fold(
      label`Services: ${services.length}`,
      services.map((one) => ({ line: serviceLine(facts, one) })),
    ),
    healthy: fold(label`Against the last healthy revision: ${differing(healthy)}`, healthy),
    before: fold(label`Against the revision before: ${differing(before)}`, before),
  };
  const evidence = citedEvidenceFold(facts, citedIds([lines, folds]));
  return { kind: 'diff', ...lines, folds: { ...folds, evidence }, footer: updateFooter(facts) };
}

/** Without names of revisions and settings: when each service got another revision last. */
function redactedDiff(facts: Facts, services: readonly string[]): DiffUpdate {
  return {
    kind: 'diff',
    headline: say`When what serves changed last`,
    reading: readingLine(facts),
    folds: {
      services: fold(
        label`Services: ${services.length}`,
        services.map((id) => ({ line: lastRevisionLine(facts, id) })),
      ),
      healthy: null,
      before: null,
      evidence: null,
    },
    footer: updateFooter(facts),
  };
}

function lastRevisionLine({ diagnosis, seen }: Facts, id: string): Text {
  const [newest] = diagnosis.changes
    .filter(({ component, kind }) => component === id && (kind === 'revision' || kind === 'drift'))
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return newest === undefined
    ? say`${code(id)}: no new revision in the last day`
    : say`${code(id)}: a new revision ${plain(clock(newest.at, seen))} ${cite(newest.evidence, fewIds)}; which settings differ is not shown`;
}

function differing(rows: readonly DiffRow[]): Plain {
  return plain(counted(rows.length, 'setting differs', 'settings differ'));
}

/** A service with the changes that its serving revision is compared by. */
interface Service {
  id: string;
  /** The serving revision, or the newest one where that could not be read; null where neither is known. */
  revision: string | null;
  /** Evidence of the serving revision; null where it could not be read. */
  serving: string | null;
  /** Against the revision right before; null where that is not known. */
  change: Change | null;
  /** Against the last healthy one, where that is another than the one before. */
  drift: Change | null;
}

function service({ index, snapshot }: Facts, id: string): Service {
  const found = latest(index, id, signal.servingRevision);
  const own = snapshot.changes.filter(({ kind, component }) => kind === 'revision' && component === id);
  const newest = own.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).at(-1);
  const revision = found?.value ?? newest?.revision ?? null;
  return {
    id,
    revision,
    serving: found?.id ?? null,
    change: own.findLast((change) => change.revision !== undefined && change.revision === revision) ?? null,
    drift: revision === null ? null : (driftOf(snapshot.changes, id, revision) ?? null),
  };
}

/** `backend` serves `00750-69k`, deployed 17:12 (E4, E14); before it `00749-6tr`; last healthy `00749-6tr`: … */
function serviceLine(facts: Facts, { id, revision, serving, change, drift }: Service): Text {
  if (revision === null) return say`${code(id)}: its serving revision could not be read`;
  const name = code(shortRevision(revision));
  const now =
    serving === null
      ? say`${code(id)}: what serves could not be read; the newest is ${name}`
      : say`${code(id)} serves ${name}`;
  const since = change === null ? say`` : say`, deployed ${plain(clock(change.at, facts.seen))}`;
  const evidence = [serving, change?.id ?? null].filter((one) => one !== null);
  const before =
    change?.previousRevision === undefined
      ? say``
      : say`; before it ${code(shortRevision(change.previousRevision))}`;
  const alone =
    change === null && drift === null ? say`; no other revision was read to compare it with` : say``;
  return say`${now}${since} ${cite(evidence)}${before}${alone}${healthyPart(facts, id, revision)}`;
}

/** `; last healthy 00749-6tr: 1,240 requests until 17:09, 5xx 0 (E12, E13)`. */
function healthyPart({ index, seen }: Facts, id: string, serving: string): Text {
  const healthy = lastHealthy(index, id);
  if (healthy === null) return say`; no revision is proven healthy over the last day`;
  const { revision, requests, errors, until, evidence } = healthy;
  const which = revision === serving ? say`the same` : say`${code(shortRevision(revision))}`;
  const when = until === null ? say`` : say` until ${plain(clock(until, seen))}`;
  return say`; last healthy ${which}: ${plain(number(requests))} requests${when}, 5xx ${plain(number(errors))} ${cite(evidence)}`;
}

function rowsOf({ id, revision }: Service, change: Change | null): DiffRow[] {
  if (change === null || revision === null) return [];
  const was =
    change.previousRevision === undefined ? say`` : say`${code(shortRevision(change.previousRevision))}: `;
  return change.diff.map(({ key, from, to }) => ({
    service: say`${code(id)} ${code(shortRevision(revision))}`,
    setting: say`${code(key)}`,
    now: setting(key, to),
    was: say`${was}${setting(key, from)}`,
    evidence: say`${ids([change.id])}`,
  }));
}
