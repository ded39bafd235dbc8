import { current, latest, time } from '../observations.ts';
import { scaledLimits } from '../scaled-limits.ts';
import { signal } from '../signals.ts';
import type { Change, Observation, PreviousUpdate } from '../snapshot.ts';
import type { Case } from './case.ts';
import { fromTo, operationWords } from './change-words.ts';
import type { DatedChange } from './dated-change.ts';
import { clock, code } from './wording.ts';

/**
 * Readings that tell of a change: a Terraform state that was written, a version of a secret that was added, an
 * operation on a database, and a limit that is not what the update before read.
 */
export function datedReadings(found: Case, previous: PreviousUpdate | null): DatedChange[] {
  return Object.keys(found.configuration.components).flatMap((component) => [
    ...terraformStates(found, component),
    ...secretVersions(found, component),
    ...operations(found, component),
    ...limits(found, component, previous),
  ]);
}

function terraformStates({ index }: Case, component: string): DatedChange[] {
  const written = latest(index, component, signal.stateUpdated);
  const serial = latest(index, component, signal.stateSerial);
  if (!written) return [];
  const what = `the Terraform state was written${serial ? `, serial ${code(serial.value)}` : ''}`;
  return [instant('terraform', component, time(written.value), [written, ...(serial ? [serial] : [])], what)];
}

/** Where the newest version is the configured one, it was added once. */
function secretVersions({ index }: Case, component: string): DatedChange[] {
  const newest = latest(index, component, signal.rotated);
  const configured = latest(index, component, signal.created);
  const version = latest(index, component, signal.secretVersion);
  const isSame = newest !== undefined && newest.value === configured?.value;
  const numbered = version ? ` (${code(version.value)})` : '';
  const ofConfigured = [configured, version].filter((one) => one !== undefined);
  return [
    ...(newest
      ? [
          instant(
            'secret',
            component,
            time(newest.value),
            isSame ? [newest, ...ofConfigured] : [newest],
            isSame
              ? `a version was added, the one in use${numbered}`
              : 'a version was added, which is not the one in use',
          ),
        ]
      : []),
    ...(configured && !isSame
      ? [
          instant(
            'secret',
            component,
            time(configured.value),
            ofConfigured,
            `the version in use${numbered} was added`,
          ),
        ]
      : []),
  ];
}

/** Operations as changes and as readings: the latter know when they ended, and of backups that run or failed. */
function operations(found: Case, component: string): DatedChange[] {
  const read = current(found.index, component, signal.operation).filter(({ first }) => first !== undefined);
  const changes = found.changes.filter((one) => one.kind === 'operation' && one.component === component);
  const told = changes.map((change) => ({
    change,
    seen: read.find((seen) => time(seen.first ?? '') === time(change.at) && isOf(change, seen)),
  }));
  const rest = read.filter((seen) => !told.some((one) => one.seen === seen));
  return [
    ...told.map(({ change, seen }) => operation(found, component, seen, change)),
    ...rest.map((seen) => operation(found, component, seen)),
  ];
}

function isOf({ diff }: Change, { value }: Observation): boolean {
  return diff.some(({ key, to }) => key === signal.operation && to === value);
}

function operation(
  { index }: Case,
  component: string,
  seen: Observation | undefined,
  change?: Change,
): DatedChange {
  const words = change ? operationWords(change) : `operation ${code(seen?.value ?? '')}`;
  const end = seen?.last === undefined ? '' : `, ended ${clock(seen.last, index.takenAt)} UTC`;
  const from = time(change?.at ?? seen?.first ?? '');
  return {
    ...instant(
      'operation',
      component,
      from,
      [change, seen].filter((one) => one !== undefined),
      `${words}${end}`,
    ),
    ended: seen === undefined ? from : seen.last === undefined ? Infinity : time(seen.last),
  };
}

function limits({ index }: Case, component: string, previous: PreviousUpdate | null): DatedChange[] {
  if (previous === null) return [];
  return previous.figures
    .filter((before) => before.component === component && scaledLimits.has(before.signal))
    .flatMap((before): DatedChange[] => {
      const now = latest(index, component, before.signal);
      if (!now || now.value === before.value) return [];
      const times = [before, now].map(({ at }) => clock(at, index.takenAt)).join(' and ');
      return [
        {
          ...instant(
            'limit',
            component,
            time(now.at),
            [now, before],
            `${code(before.signal)} ${fromTo(before.signal, before.value, now.value)}, between ${times} UTC`,
          ),
          from: time(before.at),
        },
      ];
    });
}

function instant(
  kind: DatedChange['kind'],
  component: string,
  at: number,
  evidence: readonly { readonly id: string }[],
  what: string,
): DatedChange {
  return {
    kind,
    component,
    from: at,
    to: at,
    evidence: evidence.map(({ id }) => id),
    what,
    revisions: [],
    ended: null,
  };
}
