import { differing } from '../core/secret-names.ts';
import { signal } from '../core/signals.ts';
import type { Setting } from './revision-settings.ts';
import type { DeclaredSettings } from './terraform-declared.ts';

/** One field in which a Terraform state and what is live differ. */
export interface Difference {
  key: string;
  /** Both values as they may be shown. */
  text: string;
}

/** Longest value that is shown, in characters. */
const longest = 200;

/** Settings that come in any number: one that the state does not hold was added by hand. */
const openEnded = [signal.env, signal.flag];

/**
 * The fields that differ, in the order of their names. What the state does not declare is left to the provider and
 * is no difference, but for variables and flags: there it was added past Terraform.
 */
export function differencesFromState(
  declared: DeclaredSettings,
  live: ReadonlyMap<string, Setting>,
): Difference[] {
  const keys = [...new Set([...declared.keys(), ...live.keys()])].toSorted((a, b) => (a < b ? -1 : 1));
  return keys.flatMap((key): Difference[] => {
    const [from, to] = [declared.get(key), live.get(key)];
    if (!from) {
      return to && openEnded.some((prefix) => key.startsWith(prefix))
        ? [{ key, text: `not in the state, live ${cut(to.shown)}` }]
        : [];
    }
    if (to ? sameSetting(key, from.raw, to.raw) : meansUnset(key, from.raw)) return [];
    if (from.hidden) return [{ key, text: to ? 'live another value than in the state' : 'not live' }];
    if (!to) return [{ key, text: `state ${cut(from.shown)}, live not set` }];
    const another = from.shown === to.shown ? differing : '';
    return [{ key, text: `state ${cut(from.shown)}, live ${cut(to.shown)}${another}` }];
  });
}

function meansUnset(key: string, raw: string): boolean {
  return raw === 'none' || (raw === '0' && !openEnded.some((prefix) => key.startsWith(prefix)));
}

function sameSetting(key: string, a: string, b: string): boolean {
  if (a === b) return true;
  if (key !== signal.cpuLimit && key !== signal.memoryLimit) return false;
  const [x, y] = [quantity(a), quantity(b)];
  return x !== null && x === y;
}

const factors = new Map([
  ['', 1],
  ['m', 1e-3],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
]);

/** A Kubernetes quantity, which Cloud Run's limits are: `1` and `1000m`, `1Gi` and `1024Mi` are the same. */
function quantity(text: string): number | null {
  const [, amount, unit = ''] = /^(\d{1,15}(?:\.\d{1,9})?)([a-zA-Z]{0,2})$/.exec(text) ?? [];
  const factor = factors.get(unit);
  return amount === undefined || factor === undefined ? null : Number(amount) * factor;
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
