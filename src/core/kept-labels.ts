import type { Result } from './criteria/types.ts';

/**
 * What became of a label that Sitrep keeps: `absent`, not put there by us; `setting`, a request to set it may have been
 * carried out; `set`, ours; `left`, ours until a person took it away.
 */
export type LabelState = 'absent' | 'setting' | 'set' | 'left';

/** What labels stand for; `finding` is what the configuration's own rules find. */
export const labelMeanings = [
  'incident',
  'P0',
  'P1',
  'P2',
  'P3',
  'stage',
  'regression',
  'escalated',
  'closed-unresolved',
  'finding',
] as const;

export type LabelMeaning = (typeof labelMeanings)[number];

/** A label of an incident's issue, and whether it belongs there. */
export interface WantedLabel {
  name: string;
  wanted: boolean;
  /** Missing for a finding of the configuration's rules. */
  meaning?: LabelMeaning;
}

/** A label that Sitrep keeps, and whether the last update that could tell wants it on the issue. */
export interface KeptLabel {
  name: string;
  wanted: boolean;
  state: LabelState;
  meaning: LabelMeaning;
}

/** What to do about one label, and what is recorded of it after that. */
export interface LabelStep {
  name: string;
  do: 'add' | 'remove' | 'nothing';
  after: LabelState;
}

/** A name as GitHub compares it: upper and lower case are one. */
function key(name: string): string {
  return name.toLowerCase();
}

/**
 * Compares what is wanted with the labels that the issue carries. What a person put there stays, whatever is wanted;
 * what a person took away is left away until the finding is over.
 */
export function labelSteps(
  kept: readonly Omit<KeptLabel, 'meaning'>[],
  carried: readonly string[],
): LabelStep[] {
  const present = new Set(carried.map(key));
  return kept.map((label) => ({ name: label.name, ...stepOf(label, present.has(key(label.name))) }));
}

function stepOf(
  { wanted, state }: Pick<KeptLabel, 'wanted' | 'state'>,
  present: boolean,
): Omit<LabelStep, 'name'> {
  const ours = state === 'set' || state === 'setting';
  if (!wanted) return { do: present && ours ? 'remove' : 'nothing', after: 'absent' };
  switch (state) {
    case 'absent':
      return present ? { do: 'nothing', after: 'absent' } : { do: 'add', after: 'set' };
    case 'setting':
      return { do: present ? 'nothing' : 'add', after: 'set' };
    case 'set':
      return { do: 'nothing', after: present ? 'set' : 'left' };
    case 'left':
      return { do: 'nothing', after: present ? 'absent' : 'left' };
  }
}

/** Which labels are wanted, of several rules for one label the first that holds; those that cannot be told are left out. */
export function wantedLabels(readings: readonly { label: string; result: Result }[]): WantedLabel[] {
  const byName = Map.groupBy(readings, ({ label }) => key(label));
  return [...byName.values()].flatMap((rules): WantedLabel[] => {
    const name = rules[0]?.label ?? '';
    if (rules.some(({ result }) => result === 'met')) return [{ name, wanted: true }];
    return rules.every(({ result }) => result === 'failed') ? [{ name, wanted: false }] : [];
  });
}

/** One list of several, each label once: it is wanted where one of them wants it. */
export function mergedLabels(...lists: readonly (readonly WantedLabel[])[]): WantedLabel[] {
  const byName = Map.groupBy(lists.flat(), ({ name }) => key(name));
  return [...byName.values()].flatMap((same) => {
    const said = same.find(({ wanted }) => wanted) ?? same[0];
    return said === undefined ? [] : [said];
  });
}
