import { expectationsOf } from '../../contradictions/expectations.ts';
import { clock } from '../../figures.ts';
import type { Change } from '../../snapshot.ts';
import { cite, code, join, label, plain, say, type Text } from '../../text.ts';
import type { Fold, ItemRow } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { setting } from '../values.ts';
import { fold } from './fold.ts';

/** Settings shown, and their values, the newest. */
const shownSettings = 8;
const shownValues = 6;

interface Step {
  component: string;
  key: string;
  from: string | null;
  to: string | null;
  change: Change;
}

/** What settings were before and have become, revision by revision. A new image has no value to compare. */
export function valuesOverTimeFold(facts: Facts): Fold<ItemRow> | null {
  const steps = facts.snapshot.changes
    .filter(({ kind }) => kind === 'revision')
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .flatMap((change) =>
      change.diff
        .filter(({ key }) => key !== 'image')
        .map(({ key, from, to }): Step => ({ component: change.component, key, from, to, change })),
    );
  const series = [...Map.groupBy(steps, ({ component, key }) => JSON.stringify([component, key])).values()];
  const rows = series.map((own) => ({ text: valueLine(facts, own.slice(-shownValues)) }));
  return fold(label`Settings that changed: ${series.length}`, rows.slice(0, shownSettings));
}

/** `backend` `env.DATABASE_TIMEOUT`: `45.0` → `75.0` 12 Sep 15:58 (E521) → `15.0` 17:12 (E520). */
function valueLine(facts: Facts, steps: readonly Step[]): Text {
  const [first] = steps;
  if (first === undefined) return say``;
  const { component, key } = first;
  const values = steps.map(
    ({ to, change }) => say`${setting(key, to)} ${plain(clock(change.at, facts.seen))} ${cite([change.id])}`,
  );
  const wanted = expectedOf(facts, component, key);
  const expected = wanted === null ? say`` : say`; ${setting(key, wanted)} configured (sitrep.yml)`;
  return say`${code(component)} ${code(key)}: ${join([setting(key, first.from), ...values], say` → `)}${expected}`;
}

function expectedOf({ configuration }: Facts, component: string, key: string): string | null {
  const found = Object.hasOwn(configuration.components, component)
    ? configuration.components[component]
    : undefined;
  const expectation =
    found === undefined ? undefined : expectationsOf(found).find(({ name }) => name === key);
  return expectation?.value ?? null;
}
