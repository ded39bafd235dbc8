import { currentWithPrefix, gapsOf, latest } from '../observations.ts';
import type { Observations } from '../observations.ts';
import type { Observation } from '../snapshot.ts';
import { signal } from '../signals.ts';
import { reading, unread } from './reading.ts';
import type { StateReading } from './reading.ts';

/**
 * A Terraform state against what is live: degraded at most, since a difference breaks nothing by itself. It is in
 * order where every component that could be compared is the same; what the state does not hold is no difference.
 */
export function terraformState(id: string, index: Observations): StateReading {
  const serial = latest(index, id, signal.stateSerial);
  const compared = currentWithPrefix(index, id, signal.drift);
  if (!serial && compared.length === 0) return unread(index, id, 'any');
  const named = (value: string) => compared.filter((seen) => seen.value === value);
  const [gone, differs, same] = [named('not live'), named('differs'), named('same')];
  const fields = currentWithPrefix(index, id, signal.difference);
  if (gone.length + differs.length > 0) {
    const parts = [
      ...(fields.length > 0
        ? [
            `${fields.length} ${fields.length === 1 ? 'field differs' : 'fields differ'} in ${differs.map((seen) => comparedId(seen)).join(' and ')}`,
          ]
        : []),
      ...gone.map((seen) => `${comparedId(seen)} is in the state and not live`),
    ];
    return reading('degraded', parts.join(', '), [...gone, ...differs, ...fields]);
  }
  const missing = gapsOf(index, id).map((gap) => gap.signal);
  if (same.length === 0 || missing.length > 0) {
    return unread(index, id, 'any', same, same.length === 0 ? 'nothing was compared' : 'not all compared');
  }
  return reading(
    'healthy',
    `${same.length} of ${compared.length} components compared, all the same`,
    compared,
  );
}

function comparedId({ signal: name }: Observation): string {
  return name.slice(signal.drift.length);
}
