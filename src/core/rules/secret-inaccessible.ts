import { accusations, namesResource, refusals, secretRefused } from '../diagnose/accusations.ts';
import type { Case } from '../diagnose/case.ts';
import { describeQuery, logQuery } from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import { componentOf } from '../graph.ts';
import { evidenceIds, latest, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { excerpt, shareOfErrors, shareOfFailedStarts } from '../diagnose/log-lines.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { logHasNone, secretIsEnabled } from './refutations.ts';
import type { Item, Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLines, saidByUsers, usersList } from './users.ts';

/** A line that refuses the permission, whatever the state of the version. */
const denied = /permission denied on secret|SECRETS_ACCESS_CHECK_FAILED/i;

/**
 * A secret that instances need to start, and cannot be given: its version is disabled or destroyed, it does not
 * exist, or the service account may not read it. Running instances go on; new ones do not start.
 */
export const secretInaccessible: Rule = {
  id: 'secret-inaccessible',
  appliesTo: ['secret', 'cloud-run'],
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
      text: 'the version in use is `DISABLED` or `DESTROYED`, or Cloud Run says that permission is denied (`SECRETS_ACCESS_CHECK_FAILED`)',
    },
    {
      key: 'told',
      need: 'required',
      text: 'Cloud Run says of a service that needs it that the secret could not be read, for at least half of its failed starts or 5xx',
    },
    { key: 'not-started', need: 'expected', text: 'starts of that service did not become ready' },
  ],
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
  const denials = told.filter(({ text = '' }) => denied.test(text));
  if (disabled.length === 0 && told.length === 0) {
    return notIndicated(secretInaccessible, context, secretIsEnabled(found, component));
  }
  const refused = [...disabled, ...denials];
  const items = [
    item('refused', refused, refused.length > 0 ? true : state ? false : null),
    item('told', told),
    notStarted(
      context,
      context.incoming.map(({ edge }) => edge.from),
    ),
  ];
  const version = latest(found.index, component, signal.secretVersion);
  const what = disabled[0]
    ? `version ${code(version?.value ?? 'in use')} of it is ${code(disabled[0].value)}`
    : 'it may not be read';
  return {
    role: 'root',
    items,
    onset: onsetOfLines(context, told),
    share: null,
    steps: [
      whyOf(context, {
        because: `${what}${quote(told)}`,
        cause: { component, signal: signal.secretVersion },
        evidence: evidenceIds(refused, told, version && disabled.length > 0 ? [version] : []),
      }),
    ],
    why:
      told.length > 0
        ? `${what}, and ${usersList(context)} cannot start${quote(told)}`
        : `${what}, but nothing that fails says that it needs it`,
    decidedBy: holding(items),
    missing: [toDecide(secretInaccessible, context)],
  };
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
