import type { CauseId } from '../causes.ts';

/**
 * Weights of evidence in decibans: ten times the decimal logarithm of the odds, or of a likelihood ratio. 3 dB
 * doubles the odds, 5 dB triples them, 10 dB makes them ten times as large. Priors come from the postmortem
 * analysis of Google's SRE workbook (binary push 37 %, configuration push 31 %, load 9 %, capacity 5 %, provider 5 %);
 * likelihood ratios are expert settings, no measurements, which is why they stand here and nowhere else. Each
 * key counts once, whatever the number of observations behind it. Raise `version` with any change.
 */
export const evidenceTable = {
  version: 4,

  /** Odds of the cause before anything is observed. */
  priors: {
    // Binary push, 37 %: 10 log10(.37 / .63).
    'crash-on-start': -2.3,
    // Configuration push, 31 %: 10 log10(.31 / .69).
    'config-drift': -3.5,
    // Binary push that starts: the same 37 %.
    'bad-deploy': -2.3,
    // Configuration that lies outside a revision; five causes share the 31 % of configuration pushes, 6 % each.
    'vpc-connector-unavailable': -11.8,
    'egress-misrouted': -11.8,
    'cloudsql-permission': -11.8,
    'secret-inaccessible': -11.8,
    // Load, 9 %: 10 log10(.09 / .91).
    'vpc-connector-saturated': -10,
    'cloudsql-connections-exhausted': -10,
    'out-of-memory': -10,
    'max-instances-reached': -10,
    'scaling-lag': -10,
    'request-timeout': -10,
    'startup-timeout': -10,
    // Capacity, 5 %: 10 log10(.05 / .95).
    'quota-exhausted': -12.8,
    // Provider, 5 %.
    'cloudsql-unavailable': -12.8,
    'regional-incident': -12.8,
    'dependency-unavailable': -12.8,
    // A failing dependency whose own cause no rule finds: as for load.
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
    'vpc-connector-saturated': {
      // Six times: small connectors run at their maximum for months without harm.
      instances: { present: 8, absent: 0 },
      // Six times: at the maximum, and with nothing left to give.
      load: { present: 8, absent: 0 },
      // Ten times: what goes through it times out, and says so.
      timeouts: { present: 10, absent: 0 },
      // Three times: services that share nothing else fail through it.
      shared: { present: 5, absent: -3 },
      // Little; four times less likely where a service gets through it.
      'none-works': { present: 1, absent: -6 },
      // Two and a half times; a hundred times less likely where it was full for long, with the load of an hour ago.
      traffic: { present: 4, absent: -20 },
      // Excludes; the weight only orders the findings.
      'not-ready': { present: -20, absent: 0 },
    },
    'vpc-connector-unavailable': {
      // Thirty times: a connector that is used and does not exist, or does not work, leaves no way.
      gone: { present: 15, absent: 0 },
      // Ten times: what goes through it fails.
      users: { present: 10, absent: 0 },
      // Ten times: Cloud Run names it.
      said: { present: 10, absent: 0 },
      // Three times.
      shared: { present: 5, absent: 0 },
    },
    'egress-misrouted': {
      // Six times: connections time out for many reasons.
      timeouts: { present: 8, absent: 0 },
      // Thirty times: without a connector there is no way to a private address.
      route: { present: 15, absent: 0 },
      // Three times: the database is there for others.
      'database-works': { present: 5, absent: 0 },
      // Three times: another service comes by the right way.
      peer: { present: 5, absent: 0 },
      // Twice.
      change: { present: 3, absent: 0 },
      // Excludes; the weight only orders the findings.
      'same-way': { present: -20, absent: 0 },
      // Excludes; the weight only orders the findings.
      arrives: { present: -20, absent: 0 },
    },
    'cloudsql-connections-exhausted': {
      // A hundred times: the database says so itself.
      refused: { present: 20, absent: 0 },
      // Three times: next to none is free, by its own metric; a hundred times less likely where many are.
      full: { present: 5, absent: -20 },
      // Twice.
      rose: { present: 3, absent: 0 },
      // Twice: the demand is there.
      pools: { present: 3, absent: 0 },
      // Twice.
      shared: { present: 3, absent: 0 },
      // Excludes; the weight only orders the findings.
      few: { present: -20, absent: 0 },
    },
    'cloudsql-unavailable': {
      // Thirty times: an instance that is not there takes no connection.
      away: { present: 15, absent: 0 },
      // Ten times: what needs it fails towards it.
      users: { present: 10, absent: 0 },
      // Six times: the operation is the change of state.
      operation: { present: 8, absent: 0 },
      // Six times: it says that it goes.
      words: { present: 8, absent: 0 },
      // Twice.
      shared: { present: 3, absent: 0 },
    },
    'cloudsql-permission': {
      // Thirty times: the refusal names itself.
      refused: { present: 15, absent: 0 },
      // Ten times.
      enough: { present: 10, absent: 0 },
      // Three times: others get in.
      'database-works': { present: 5, absent: 0 },
    },
    'secret-inaccessible': {
      // Twenty times: a version that may not be read by anybody, or not by this account.
      refused: { present: 13, absent: 0 },
      // Twenty times: Cloud Run names the secret as what keeps instances from starting.
      told: { present: 13, absent: 0 },
      // Twice.
      'not-started': { present: 3, absent: -3 },
    },
    'out-of-memory': {
      // Thirty times: Cloud Run says how much was used of how much.
      exceeded: { present: 15, absent: 0 },
      // Six times: the requests that fail are those of the containers that ended.
      enough: { present: 8, absent: 0 },
      // Twice.
      killed: { present: 3, absent: 0 },
      // One and a half times.
      limit: { present: 2, absent: 0 },
    },
    'startup-timeout': {
      // Twenty times: Cloud Run says that the probe gave up.
      probe: { present: 13, absent: 0 },
      // Six times.
      enough: { present: 8, absent: 0 },
      // One and a half times.
      slow: { present: 2, absent: 0 },
      // Excludes; the weight only orders the findings.
      exit: { present: -20, absent: 0 },
    },
    'max-instances-reached': {
      // Ten times: requests found no instance.
      'turned-away': { present: 10, absent: 0 },
      // Ten times: it runs all that it may.
      'at-maximum': { present: 10, absent: 0 },
      // Two and a half times.
      load: { present: 4, absent: -3 },
      // Twice.
      busy: { present: 3, absent: 0 },
      // Excludes; the weight only orders the findings.
      below: { present: -20, absent: 0 },
    },
    'scaling-lag': {
      // Ten times: requests found no instance.
      'turned-away': { present: 10, absent: 0 },
      // Three times: more could have run.
      below: { present: 5, absent: 0 },
      // Four times: traffic rose.
      load: { present: 6, absent: 0 },
      // Excludes; the weight only orders the findings.
      incident: { present: -20, absent: 0 },
    },
    'request-timeout': {
      // Thirty times: Cloud Run says that it ended them at the maximum.
      ended: { present: 15, absent: 0 },
      // Three times.
      setting: { present: 5, absent: 0 },
      // Two and a half times.
      slow: { present: 4, absent: -3 },
    },
    'regional-incident': {
      // Twenty times: Google reports an event of this product, here, now.
      event: { present: 13, absent: 0 },
      // Ten times: the platform is what fails.
      signature: { present: 10, absent: 0 },
      // Three times: services that share nothing fail together.
      unrelated: { present: 5, absent: -3 },
      // Six times: Google has verified that the project is hit.
      impacted: { present: 8, absent: 0 },
      // Excludes; the weight only orders the findings.
      'at-maximum': { present: -20, absent: 0 },
    },
    'quota-exhausted': {
      // Thirty times: the API names the quota.
      refused: { present: 15, absent: 0 },
      // Ten times.
      enough: { present: 10, absent: 0 },
    },
    'dependency-unavailable': {
      // Ten times: it does not answer us either.
      fails: { present: 10, absent: 0 },
      // Twenty times: the errors name its host.
      named: { present: 13, absent: 0 },
      // Three times.
      shared: { present: 5, absent: 0 },
    },
    'bad-deploy': {
      // Six times: exceptions of the program, and no connection.
      errors: { present: 8, absent: 0 },
      // Two and a half times: most of what begins after a deployment has nothing to do with it.
      new: { present: 4, absent: 0 },
      // Four times: the revision before does not raise them.
      contrast: { present: 6, absent: 0 },
      // One and a half times: it is another program.
      image: { present: 2, absent: -3 },
      // Twice.
      soon: { present: 3, absent: -3 },
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

/** The prior of a cause in dB. */
export function priorOf(cause: CauseId): number {
  return evidenceTable.priors[cause];
}

/** The weights of one piece of evidence; null where the table has none. */
export function weightOf(cause: CauseId, key: string): { present: number; absent: number } | null {
  const weights: Readonly<Record<string, Readonly<Record<string, { present: number; absent: number }>>>> =
    evidenceTable.weights;
  const ofCause = Object.hasOwn(weights, cause) ? weights[cause] : undefined;
  return ofCause && Object.hasOwn(ofCause, key) ? (ofCause[key] ?? null) : null;
}
