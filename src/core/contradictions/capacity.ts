import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { latest } from '../observations.ts';
import { signal } from '../signals.ts';
import type { ReadStatement } from './claims/read.ts';

/** Instances that a Serverless VPC Access connector can have at most (its documentation, "Scaling"). */
const mostInstances = 10;

/**
 * A number of instances that no connector can have, where a sentence gives it for the connector: `--max-instances=15`
 * of a Cloud Run service is none, so the sentence has to speak of a connector.
 */
export function impossibleCapacity(found: Case, statements: readonly ReadStatement[]): Contradiction[] {
  const connectors = Object.entries(found.configuration.components).flatMap(([id, component]) =>
    component.type === 'vpc-connector' ? [{ id, name: component.name }] : [],
  );
  return connectors.flatMap(({ id, name }): Contradiction[] => {
    const measured = latest(found.index, id, signal.instancesMax);
    if (!measured) return [];
    const isMeant = (sentence: string): boolean =>
      sentence.includes(name) || (connectors.length === 1 && /\bconnector\b/i.test(sentence));
    const sides = statements.flatMap(({ unquoted, url }) =>
      statedMaximums(unquoted, isMeant).map((value) => ({ value, statement: url })),
    );
    if (sides.length === 0) return [];
    const value = `${measured.value} (a connector has at most ${mostInstances})`;
    return [
      {
        about: { component: id, signal: signal.instancesMax },
        kind: 'stated-measured',
        sides: [{ value, evidence: measured.id }, ...sides],
      },
    ];
  });
}

/** The values of `--max-instances` above the maximum in the sentences that mean the connector, each once. */
function statedMaximums(text: string, isMeant: (sentence: string) => boolean): string[] {
  const values = sentencesOf(text)
    .filter((sentence) => isMeant(sentence) && !/\bgcloud run\b/i.test(sentence))
    .flatMap((sentence) => [...sentence.matchAll(/--max-instances[= ](\d{1,4})(?![\w.])/g)])
    .map((match) => match[1] ?? '')
    .filter((value) => Number(value) > mostInstances);
  return [...new Set(values)];
}

/** Sentences and paragraphs; a line break within a paragraph ends none. */
function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?])\s+|\n\s*\n/);
}
