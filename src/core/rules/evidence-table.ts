import type { CauseId } from '../causes.ts';

/**
 * Weights of evidence in decibans: ten times the decimal logarithm of the odds, or of a likelihood ratio. 3 dB
 * doubles the odds, 5 dB triples them, 10 dB makes them ten times as large. Priors come from the postmortem
 * analysis of Google's SRE workbook (binary push 37 %, configuration push 31 %, load 9 %, capacity 5 %, provider 5 %);
 * likelihood ratios are expert settings, no measurements, which is why they stand here and nowhere else. Each
 * key counts once, whatever the number of observations behind it. Raise `version` with any change.
 */
export const evidenceTable = {
  version: 1,

  /** Odds of the cause before anything is observed. */
  priors: {
    // Binary push, 37 %: 10 log10(.37 / .63).
    'crash-on-start': -2.3,
    // Configuration push, 31 %: 10 log10(.31 / .69).
    'config-drift': -3.5,
    // A failing dependency whose own cause no rule finds. Load, 9 %: 10 log10(.09 / .91).
    unknown: -10,
  },

  /** What an observation adds where it is there, and takes where it was looked for and is not there. */
  weights: {
    'crash-on-start': {
      // Twice as likely under a crash as under anything else: containers also exit because a dependency fails.
      exit: { present: 3, absent: 0 },
      // Twenty times: a program error seconds before the exit names the line of code that ended the process.
      traceback: { present: 13, absent: 0 },
      // Twice: Cloud Run says so itself, but for every container that does not listen in time. Nothing for a
      // revision that is called ready: the condition keeps the outcome of its deployment.
      'not-ready': { present: 3, absent: 0 },
      // Four times: another revision, with the same dependencies, does not exit.
      contrast: { present: 6, absent: -3 },
      // Excludes; the weight only orders the findings.
      'connection-failure': { present: -20, absent: 0 },
    },
    'config-drift': {
      // Twice: settings differ between most revisions.
      difference: { present: 3, absent: 0 },
      // Six times: a measured value ties the changed key to the failure.
      mechanism: { present: 8, absent: 0 },
      // Two and a half times: most of what begins after a change has nothing to do with it.
      after: { present: 4, absent: 0 },
      // Three times: the revision before did not fail with the old value.
      contrast: { present: 5, absent: 0 },
      // Twice: a setting that breaks a service breaks it soon.
      soon: { present: 3, absent: -3 },
      // Excludes; the weight only orders the findings.
      'failed-before': { present: -20, absent: 0 },
    },
    unknown: {
      // Three times: a dependency that is abnormal while its user fails.
      abnormal: { present: 5, absent: 0 },
      // Four times: the user's own errors point to it.
      signature: { present: 6, absent: 0 },
      // Three times: two or more services that share nothing else fail through it.
      shared: { present: 5, absent: -3 },
    },
  },

  /** Margin over the next best hypothesis, in dB: 10 is ten to one, 5 about three to one. */
  margins: { confirmed: 10, probable: 5 },
} as const;

/** The prior of a cause in dB; null where the table has none. */
export function priorOf(cause: CauseId): number | null {
  const priors: Readonly<Record<string, number>> = evidenceTable.priors;
  return Object.hasOwn(priors, cause) ? (priors[cause] ?? null) : null;
}

/** The weights of one piece of evidence; null where the table has none. */
export function weightOf(cause: CauseId, key: string): { present: number; absent: number } | null {
  const weights: Readonly<Record<string, Readonly<Record<string, { present: number; absent: number }>>>> =
    evidenceTable.weights;
  const ofCause = Object.hasOwn(weights, cause) ? weights[cause] : undefined;
  return ofCause && Object.hasOwn(ofCause, key) ? (ofCause[key] ?? null) : null;
}
