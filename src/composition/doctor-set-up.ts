import { startDeadline } from '../collectors/deadline.ts';
import { checkProject, type ApiCheck, type CheckedProject } from '../collectors/discovery/api-checks.ts';
import type { GoogleAccess } from '../collectors/google-access.ts';
import type { FaultyReading, ServerEnvironment } from '../config/environment.ts';
import { isCredential } from '../config/environment.ts';
import type { Policy } from '../config/policy.schema.ts';
import type { Configuration } from '../config/repository.schema.ts';
import type { GitHubRequest } from '../core/github-request.ts';
import { notLookedAt, ok, wrong, type DoctorCheck } from './doctor-check.ts';
import { checkGitHub } from './doctor-github.ts';
import { readAppManifest } from './manifest.ts';

/** What the doctor looks at of the set-up, and with what. */
export interface SetUp {
  /** The server's environment, with what is wrong with it. */
  reading: FaultyReading<ServerEnvironment>;
  /** Whether none of the App's credentials is set, and `sitrep start` would make an App. */
  isBeforeSetUp: boolean;
  /** Path of the policy; null where none is named. */
  policyPath: string | null;
  /** A configuration whose project is looked at as well; null for none. */
  configuration: Configuration | null;
  /** A client of GitHub that asks as the App. */
  github: (environment: ServerEnvironment) => GitHubRequest;
  google: (environment: ServerEnvironment) => GoogleAccess;
  now: () => Date;
}

/** Milliseconds that Google's APIs have: one call of one API, and all of them. */
const callMs = 4_500;
const wholeMs = 9_500;

/** Projects that are looked at at most. */
const projectCap = 20;

/** Looks at environment, GitHub App, policy and Google APIs, in 10 seconds at most. Changes nothing, never rejects. */
export async function checkSetUp(setUp: SetUp): Promise<DoctorCheck[]> {
  const [github, google] = await Promise.all([githubChecks(setUp), googleChecks(setUp)]);
  return [...environmentChecks(setUp), ...github, policyCheck(setUp), ...google];
}

function environmentChecks({ reading, isBeforeSetUp }: SetUp): DoctorCheck[] {
  // Credentials that are all missing are told with the App.
  const faults = reading.errors.filter(({ variable }) => !isBeforeSetUp || !isCredential(variable));
  if (faults.length === 0) return [ok('environment', 'every variable that is set can be read')];
  return faults.map(({ message, remedy }) => wrong('environment', message, `${sentence(remedy)}.`));
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

async function githubChecks({ reading, isBeforeSetUp, github }: SetUp): Promise<DoctorCheck[]> {
  if (isBeforeSetUp) {
    return [
      notLookedAt(
        'github app',
        'none of its credentials is set: APP_ID, PRIVATE_KEY or PRIVATE_KEY_PATH, WEBHOOK_SECRET',
        'sitrep start makes the App and writes them to .env.',
      ),
    ];
  }
  if (reading.errors.some(({ variable }) => isCredential(variable) && variable !== 'WEBHOOK_SECRET')) {
    return [notLookedAt('github app', 'its credentials cannot be used: see the environment')];
  }
  return await checkGitHub(github(reading.value), await readAppManifest());
}

function policyCheck({ reading, policyPath }: SetUp): DoctorCheck {
  const { policy } = reading.value;
  if (policyPath === null) {
    return notLookedAt(
      'policy',
      'SITREP_POLICY is not set, so nothing outside GitHub is read',
      'sitrep init prints the entry for a repository: put it into a file, and name that in SITREP_POLICY.',
    );
  }
  if (policy === null) return notLookedAt('policy', 'it cannot be used: see the environment');
  const repositories = Object.keys(policy.repositories);
  const projects = projectsOf(policy);
  return ok(
    'policy',
    `${some(repositories, 'repository', 'repositories')}; ${some(projects, 'project', 'projects')}`,
  );
}

/** How many, and the first of them. */
function some(names: readonly string[], one: string, many: string): string {
  if (names.length === 0) return `no ${one}`;
  const shown = names.slice(0, 5).join(', ');
  return `${String(names.length)} ${names.length === 1 ? one : many} (${shown}${names.length > 5 ? ', …' : ''})`;
}

function projectsOf(policy: Policy | null): string[] {
  const grants = Object.values(policy?.repositories ?? {});
  return [...new Set(grants.flatMap((grant) => grant.google_cloud_projects))].toSorted();
}

/** The projects of the policy, and the one of the file, which says what is in use there. */
function checkedProjects({ reading, configuration }: SetUp): CheckedProject[] {
  const named = configuration?.google_cloud?.project;
  const others = projectsOf(reading.value.policy).filter((project) => project !== named);
  return [
    ...(named === undefined ? [] : [{ project: named, configuration }]),
    ...others.map((project) => ({ project, configuration: null })),
  ];
}

async function googleChecks(setUp: SetUp): Promise<DoctorCheck[]> {
  const projects = checkedProjects(setUp);
  if (projects.length === 0) {
    const remedy = 'sitrep doctor --config FILE looks at the project of a configuration.';
    return [notLookedAt('google', 'no project is named: neither by the policy nor by --config', remedy)];
  }
  if (setUp.reading.errors.some(({ variable }) => variable === 'SITREP_GCP_ENDPOINT')) {
    return [notLookedAt('google', 'SITREP_GCP_ENDPOINT cannot be used: see the environment')];
  }
  const google = setUp.google(setUp.reading.value);
  const deadline = startDeadline(wholeMs, callMs);
  try {
    const looking = { google, deadline, now: setUp.now() };
    const asked = projects.slice(0, projectCap);
    const checks = (await Promise.all(asked.map((one) => checkProject(one, looking)))).flat();
    const left = projects.length - asked.length;
    return [
      ...told(checks),
      ...(left === 0 ? [] : [notLookedAt('google', `${String(left)} more projects of the policy`)]),
    ];
  } finally {
    deadline.close();
  }
}

/** Without credentials no API tells anything: that is one thing that is wrong, not one for each. */
function told(checks: readonly ApiCheck[]): DoctorCheck[] {
  const refused = checks.flatMap(({ outcome }) =>
    typeof outcome === 'object' && 'missing' in outcome && outcome.missing.reason === 'no-credentials'
      ? [outcome.missing]
      : [],
  );
  const [first] = refused;
  const answered = checks.filter(
    ({ outcome }) =>
      outcome === 'ok' ||
      ('missing' in outcome &&
        !['no-credentials', 'timeout', 'budget', 'unavailable'].includes(outcome.missing.reason)),
  );
  return [
    ...(first === undefined
      ? answered.length === 0
        ? []
        : [ok('google credentials', 'Google takes them')]
      : [
          wrong(
            'google credentials',
            `there are none that Google takes: ${first.detail}`,
            'On a workstation: gcloud auth application-default login. Elsewhere attach a service account, or name the file of its credentials in GOOGLE_APPLICATION_CREDENTIALS.',
          ),
        ]),
    ...checks.map(apiCheck),
  ];
}

function apiCheck({ project, api, outcome }: ApiCheck): DoctorCheck {
  const subject = `${project} ${api}`;
  if (outcome === 'ok') return ok('google', subject);
  if ('notLooked' in outcome) return notLookedAt('google', `${subject}: ${outcome.notLooked}`);
  const { what, reason, detail, remedy } = outcome.missing;
  if (reason === 'no-credentials') return notLookedAt('google', `${subject}: no credentials`);
  return wrong('google', `${subject}: ${what}: ${reason}: ${detail}`, `${sentence(remedy)}.`);
}
