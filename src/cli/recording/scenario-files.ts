import { stringify } from 'yaml';
import type { Diagnosis } from '../../core/diagnosis.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Exchange } from './exchanges.ts';
import type { RecordedProbe } from './recorder.ts';
import type { EndpointStates } from './endpoint-states.ts';

/** A recording in the form of a scenario (docs/scenarios.md), with secrets and names as they are to be written. */

export interface Recorded {
  exchanges: readonly Exchange[];
  probed: readonly RecordedProbe[];
  endpoints: readonly EndpointStates[];
  /** What `sitrep.yml` holds. */
  configuration: unknown;
  /** Projects and hosts that the policy has to grant. */
  projects: readonly string[];
  hosts: readonly string[];
  /** Label that makes an issue an incident. */
  label: string;
  snapshot: Snapshot;
  diagnosis: Diagnosis;
  /** Whether nothing could be asked for want of a token. */
  noToken: boolean;
  /** The environment that was asked for; null for the configuration's own. */
  environment: string | null;
}

const repository = { owner: 'example', name: 'recorded-outage' };
const person = 'recorder';

/** The files of the scenario by their names. */
export function scenarioFiles(recorded: Recorded): Map<string, string> {
  const held = [
    ...recorded.exchanges.map((exchange) => ({
      slug: slugOf(exchange.request.path),
      holds: fileOf(exchange),
    })),
    ...recorded.probed.map((one) => ({ slug: slugOf(new URL(one.url).host), holds: timedOut(one) })),
  ];
  const answers = held.map(({ slug, holds }, index): [string, string] => [
    `answers/${String(index + 1).padStart(3, '0')}-${slug}.json`,
    json(holds),
  ]);
  return new Map([
    [
      'scenario.yml',
      yaml(
        scenarioOf(
          recorded,
          answers.map(([name]) => name),
        ),
      ),
    ],
    ['sitrep.yml', yaml(recorded.configuration)],
    ['sitrep.policy.yml', yaml(policyOf(recorded))],
    ['expect.yml', `${toConfirm}${yaml(expectationOf(recorded))}`],
    ['snapshot.json', json(recorded.snapshot)],
    ...answers,
  ]);
}

const toConfirm = `# Written by sitrep collect --record. The root is what Sitrep concluded, and is to be confirmed by a person
# who knows what it was. Then take this line away, and the figures that do not matter.
`;

function scenarioOf(
  { snapshot, environment, label, endpoints, noToken }: Recorded,
  answers: readonly string[],
) {
  const start = snapshot.window.to;
  const body = environment === null ? '/status' : `/status ${environment}`;
  return {
    version: 1,
    title: `Recorded at ${start.slice(0, 16).replace('T', ' ')} UTC`,
    about:
      'Recorded by sitrep collect --record. The answers are those of that time, but for secrets and for names that were to be renamed; snapshot.json is what Sitrep read of them.',
    start,
    repository,
    people: { [person]: { role: 'write' } },
    labels: [{ name: label }],
    issues: [
      { number: 1, title: 'A recorded outage', by: person, at: snapshot.window.from, labels: [label] },
    ],
    focus: 1,
    answers,
    endpoints,
    ...(noToken ? { faults: [{ api: 'oauth2.googleapis.com', kind: 'no-token' }] } : {}),
    script: [{ comment: { by: person, issue: 1, body } }],
  };
}

function policyOf({ projects, hosts }: Recorded) {
  return {
    repositories: {
      [`${repository.owner}/${repository.name}`]: {
        google_cloud_projects: projects,
        probe_hosts: hosts,
        public: 'full',
      },
    },
  };
}

/** Figures of a component that stand in `expect.yml` at most: it is to be read by people. */
const figuresEach = 8;

function expectationOf({ snapshot, diagnosis }: Recorded) {
  const { cause, component, verdict } = diagnosis.root;
  return {
    root: { cause, component, verdict },
    chain: diagnosis.chain.map((step) => ({
      effect: step.effect.component,
      cause: step.cause?.component ?? null,
    })),
    contradictions: diagnosis.contradictions.map(({ about }) => `${about.component}.${about.signal}`),
    figures: figuresOf(snapshot),
  };
}

/**
 * The first of each signal and revision, those over the present window before present states; settings of the
 * environment and samples of log lines are no figures.
 */
function figuresOf({ observations, window }: Snapshot) {
  const present = observations.filter((one) => one.window === null || one.window.to === window.to);
  const figures = [...Map.groupBy(present, (one) => `${one.component} ${one.signal} ${one.revision ?? ''}`)]
    .flatMap(([, [first]]) => first ?? [])
    .filter(
      ({ signal, text, source }) =>
        !signal.startsWith('env.') && (text === undefined || source.api === 'probe'),
    )
    .toSorted((a, b) => Number(a.window === null) - Number(b.window === null));
  return [...Map.groupBy(figures, ({ component }) => component).values()]
    .flatMap((own) => own.slice(0, figuresEach))
    .map(({ component, signal, value, revision }) => ({
      component,
      signal,
      value,
      ...(revision === undefined ? {} : { revision }),
    }));
}

/** An exchange as its file has it: parameters as pairs. */
function fileOf({ request, answer }: Exchange) {
  return { request: { ...request, query: request.query.flatMap((one) => Object.entries(one)) }, answer };
}

/** What had not come when the collection ended did not come in time. */
function timedOut(probe: RecordedProbe) {
  const failure = { reason: 'timeout', detail: 'no answer' };
  return { ...probe, outcome: probe.outcome ?? { failure } };
}

/** What was asked for, for people who look through the files. */
function slugOf(path: string): string {
  const parts = path.split('/').filter((part) => /[A-Za-z]/.test(part));
  return (parts.slice(-2).join('-') || 'root').replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 60);
}

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
