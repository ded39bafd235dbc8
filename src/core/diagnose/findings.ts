import type { Finding } from '../diagnosis.ts';
import { compareText, sortedIds } from '../observations.ts';
import type { Indication, Rule } from '../rules/rule.ts';
import type { Onset } from './onset.ts';
import type { Hypothesis } from './weighing.ts';
import { code } from './wording.ts';

/** The findings of a diagnosis: the weightiest first. */
export function findingsOf(hypotheses: readonly Hypothesis[]): Finding[] {
  return hypotheses
    .map(({ rule, component, indication, decibans, verdict }): Finding => ({
      cause: rule.id,
      component,
      verdict,
      decibans,
      mechanism: rule.mechanism,
      evidence: sortedIds([...indication.items.flatMap((item) => item.evidence), ...indication.decidedBy]),
      onset: instantOf(indication.onset),
      items: rule.evidence.map(({ key, need }) => itemOf(indication, key, need)),
      role: indication.role,
      summary: summaryOf(rule, component, indication),
    }))
    .toSorted(
      (a, b) =>
        b.decibans - a.decibans || compareText(a.component, b.component) || compareText(a.cause, b.cause),
    );
}

function summaryOf({ headline }: Rule, component: string, { why }: Indication): string {
  return headline === undefined ? why : `${headline.replaceAll('{component}', code(component))}: ${why}`;
}

function itemOf(
  { items }: Indication,
  key: string,
  need: Finding['items'][number]['need'],
): Finding['items'][number] {
  const item = items.find((one) => one.key === key);
  return { key, need, holds: item?.holds ?? null, evidence: sortedIds(item?.evidence ?? []) };
}

function instantOf(onset: Onset | null): string | null {
  return onset && Number.isFinite(onset.at) ? new Date(onset.at).toISOString() : null;
}
