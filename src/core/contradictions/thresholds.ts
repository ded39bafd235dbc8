import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { claimOf } from './claims/claim.ts';
import type { ReadStatement } from './claims/read.ts';
import { thresholdsOf } from './claims/thresholds.ts';
import type { Threshold } from './claims/thresholds.ts';
import { distinctClaims, laidSideBySide, sideOf } from './laid.ts';

/** How the criteria of a configuration write the threshold of a signal. */
const inExpressions: Record<Threshold['signal'], RegExp> = {
  'startup.share': /\bstartup\.share\s{0,3}[<>]=?\s{0,3}(\d(?:\.\d{1,6})?)/,
  'connect.p95': /\bconnect\.p95\s{0,3}[<>]=?\s{0,3}duration\(['"](\d{1,6}(?:ms|s|m))['"]\)/,
  'probes.latency': /\bp\.latency\s{0,3}[<>]=?\s{0,3}duration\(['"](\d{1,6}(?:ms|s|m))['"]\)/,
};
const signals = ['startup.share', 'connect.p95', 'probes.latency'] as const satisfies Threshold['signal'][];

/** Aims that people name for a signal, against those of the configured success criteria, and against each other. */
export function statedThresholds(found: Case, statements: readonly ReadStatement[]): Contradiction[] {
  const { environment, success_criteria: criteria } = found.configuration;
  return signals.flatMap((signal): Contradiction[] => {
    const about = { component: environment, signal };
    const claims = statements.flatMap((statement) =>
      statement.sentences
        .flatMap(thresholdsOf)
        .filter((one) => one.signal === signal)
        .map(({ limit, written }) => claimOf(statement, { about, value: String(limit), written })),
    );
    const configured = criteria.flatMap(({ title, when }) => {
      const value = inExpressions[signal].exec(when)?.[1];
      return value === undefined ? [] : [{ limit: limitOf(value), title }];
    });
    const others = claims.filter(
      ({ value }) => configured.length > 0 && !configured.some(({ limit }) => limit === Number(value)),
    );
    if (others.length > 0) {
      const sides = configured.map(({ title }) => ({ value: title }));
      return [{ about, kind: 'configured-stated', sides: [...sides, ...distinctClaims(claims).map(sideOf)] }];
    }
    return laidSideBySide({
      about,
      measured: [],
      claims,
      refuted: () => false,
      clash: (earlier, later) => earlier.value !== later.value,
    });
  });
}

/** Seconds of a duration in an expression, or the number itself. */
function limitOf(text: string): number {
  const value = Number.parseFloat(text);
  if (text.endsWith('ms')) return value / 1_000;
  return text.endsWith('m') ? value * 60 : value;
}
