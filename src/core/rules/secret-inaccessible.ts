import { accusations, refusals, secretRefused } from '../diagnose/accusations.ts';
import { namesResource } from '../diagnose/names-resource.ts';
import type { Case } from '../diagnose/case.ts';
import { describeQuery, logQuery } from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import { componentOf } from '../graph.ts';
import { evidenceIds, gapsOf, latest, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Gap, Observation } from '../snapshot.ts';
import { excerpt, shareOfErrors, shareOfFailedStarts } from '../diagnose/log-lines.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { logHasNone, secretIsEnabled } from './refutations.ts';
import type { Item, Rule, RuleContext, RuleOutcome } from './rule.ts';
import { lateClause, onsetOfLines, saidByUsers, users, usersList } from './users.ts';

/** A line that refuses the permission, whatever the state of the version. */
const denied =
  /permission denied on secret|SECRETS_ACCESS_CHECK_FAILED|'secretmanager\.versions\.access' denied/i;

/** A version by its number in a secret's full name. */
const versionNumber = /\/versions\/(\d{1,9})(?!\w)/;

/**
 * A secret that instances need to start, and cannot be given: its version is disabled or destroyed, it does not
 * exist, or the service account may not read it. Running instances go on; new ones do not start.
 */
export const secretInaccessible: Rule = {
  id: 'secret-inaccessible',
  appliesTo: ['secret', 'cloud-run'],
  headline: '{component} cannot be read',
  concerns: isNotTold,
  question: 'Why can {component} not be read?',
  mechanism:
    'Cloud Run reads the secrets of a revision when it starts an instance; where one cannot be read, no instance starts.',
  decides: 'whether the version of {component} in use is enabled and its users may read it',
  query: (found, component) =>
    componentOf(found.configuration, component)?.type === 'secret'
      ? describeQuery(found.configuration, component)
      : logQuery(found.configuration, component, 'textPayload=~"(?i)secret"'),
  evidence: [
    {
      key: 'refused',
      need: 'required',
      telling: true,
      text: 'the version in use is `DISABLED` or `DESTROYED`; or a refusal that its state does not contradict: a permission is denied (`SECRETS_ACCESS_CHECK_FAILED`), it is not found, or it is another version',
    },
    {
      key: 'told',
      need: 'required',
      text: 'Cloud Run, or Secret Manager in the log of the program, says of a service that needs it that the secret could not be read, for at least half of its failed starts or 5xx',
    },
    { key: 'not-started', need: 'expected', text: 'starts of that service did not become ready' },
  ],
  limits:
    'The value of a secret is never read: one that is enabled and wrong is not found. A refused deployment has no time of its own and is at most probable.',
  outranksDependencies: true,
  goesBehind: [],
  examine,
};

/** Of a service that is refused a configured secret, the secret is asked. */
function isNotTold(found: Case, component: string): boolean {
  if (componentOf(found.configuration, component)?.type === 'secret') return true;
  const said = refusals(found, component, secretRefused);
  return said.length === 0 || said.some((seen) => !namesConfigured(found, component, seen));
}

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const isSecret = componentOf(found.configuration, component)?.type === 'secret';
  return isSecret ? ofSecret(context) : ofService(context);
}

function ofSecret(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const state = latest(found.index, component, signal.state);
  const disabled = state && /^(?:DISABLED|DESTROYED)$/.test(state.value) ? [state] : [];
  const told = saidByUsers(context);
  if (disabled.length === 0 && told.length === 0) {
    return notIndicated(secretInaccessible, context, secretIsEnabled(found, component));
  }
  const version = latest(found.index, component, signal.secretVersion);
  const gone = gapsOf(found.index, component, signal.state).filter(({ reason }) => reason === 'not-found');
  const standing = told.filter((line) => stands(line, state, version));
  const refused = [...disabled, ...standing, ...(standing.length > 0 ? gone : [])];
  const items = [
    item('refused', refused, refused.length > 0 ? true : state ? false : null),
    item('told', told),
    notStarted(
      context,
      context.incoming.map(({ edge }) => edge.from),
    ),
  ];
  const onset = onsetOfLines(context, told);
  const what = whatIsWrong({ disabled, standing, gone, version, state });
  return {
    role: 'root',
    items,
    onset,
    share: null,
    steps: [
      whyOf(context, {
        because: `${what}${quote(told)}`,
        cause: { component, signal: signal.secretVersion },
        evidence: evidenceIds(refused, told, version ? [version] : []),
      }),
    ],
    why:
      told.length > 0
        ? `${what}, and ${usersList(context)} ${users(context).length === 1 ? 'was' : 'were'} refused it${quote(told)}${lateClause(context, onset)}`
        : `${what}, but nothing that fails says that it needs it`,
    decidedBy: holding(items),
    missing: [toDecide(secretInaccessible, context)],
  };
}

/** A refusal that the state of the configured version does not contradict: of a permission, or of another version. */
function stands({ text = '' }: Observation, state?: Observation, version?: Observation): boolean {
  if (denied.test(text) || state === undefined || state.value !== 'ENABLED') return true;
  const said = versionNumber.exec(text)?.[1];
  return said !== undefined && version !== undefined && said !== version.value;
}

interface Refused {
  disabled: readonly Observation[];
  standing: readonly Observation[];
  gone: readonly Gap[];
  version: Observation | undefined;
  state: Observation | undefined;
}

function whatIsWrong({ disabled: [disabled], standing, gone, version, state }: Refused): string {
  if (disabled) return `version ${code(version?.value ?? 'in use')} of it is ${code(disabled.value)}`;
  const [first] = standing;
  if (!first)
    return `version ${code(version?.value ?? 'in use')} of it is ${code(state?.value ?? 'unknown')} now`;
  if (denied.test(first.text ?? '')) return 'the permission to read it is denied';
  if (gone.length > 0) return 'it does not exist';
  const said = versionNumber.exec(first.text ?? '')?.[1];
  return said === undefined ? 'it cannot be read' : `version ${code(said)} of it cannot be read`;
}

/** Of a service, where the secret that it is refused is none of the configured ones. */
function ofService(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const said = refusals(found, component, secretRefused).filter(
    (seen) => !namesConfigured(found, component, seen),
  );
  if (said.length === 0) {
    return notIndicated(
      secretInaccessible,
      context,
      logHasNone(found, component, 'no secret that could not be read'),
    );
  }
  const counted = said.filter((seen) => seen.signal === signal.logError);
  const share = shareOfFailedStarts(found, component, counted) ?? shareOfErrors(found, component, counted);
  const items = [
    item('refused', said),
    item('told', said, share === null ? (counted.length === 0 ? true : null) : share >= 0.5),
    notStarted(context, [component]),
  ];
  return {
    role: 'root',
    items,
    onset: onsetOfLines(context, counted),
    share,
    steps: [
      whyOf(context, {
        because: `an instance of it cannot be given a secret${quote(said)}`,
        cause: { component, signal: said[0]?.signal ?? signal.logError },
        evidence: holding(items),
        share,
      }),
    ],
    why: `an instance of it cannot be given a secret${quote(said)}`,
    decidedBy: holding(items),
    missing: [toDecide(secretInaccessible, context)],
  };
}

function namesConfigured(found: Case, service: string, { text }: Observation): boolean {
  return Object.entries(found.configuration.components).some(
    ([id, one]) =>
      one.type === 'secret' && namesResource(text, one.name) && accusations(found, service, id).length > 0,
  );
}

function notStarted({ found }: RuleContext, services: readonly string[]): Item {
  const counted = services.flatMap((service) => {
    const [starts, ready] = [signal.starts, signal.startsReady].map((name) =>
      latest(found.index, service, name),
    );
    return starts && ready
      ? [{ seen: [starts, ready], failed: (sumOf([starts]) ?? 0) - (sumOf([ready]) ?? 0) }]
      : [];
  });
  const failed = counted.filter((one) => one.failed > 0);
  return {
    key: 'not-started',
    holds: counted.length === 0 ? null : failed.length > 0,
    evidence: evidenceIds(failed.flatMap(({ seen }) => seen)),
  };
}

function quote(said: readonly Observation[]): string {
  const [first] = said.toSorted((a, b) => (sumOf([b]) ?? 0) - (sumOf([a]) ?? 0));
  return first ? `: ${excerpt(first, secretRefused)}` : '';
}
