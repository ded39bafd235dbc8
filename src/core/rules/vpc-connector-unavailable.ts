import { connectorRefused } from '../diagnose/accusations.ts';
import { isAbnormal } from '../diagnose/case.ts';
import { isAnsweredByDatabase } from '../diagnose/log-signatures.ts';
import { onsetOf } from '../diagnose/onset.ts';
import type { Onset } from '../diagnose/onset.ts';
import { describeQuery } from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import { evidenceIds, gapsOf, latest } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { isAway } from '../states/connector.ts';
import { excerpt } from '../diagnose/log-lines.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { connectorIsReady } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { notPointedTo, onsetOfLines, partOfSaid, saidByUsers, sharedItem, usersList } from './users.ts';

/** A connector that the API does not know, or that is not READY, while what goes through it fails. */
export const vpcConnectorUnavailable: Rule = {
  id: 'vpc-connector-unavailable',
  appliesTo: ['vpc-connector'],
  headline: '{component} out of service',
  question: 'Why do connections through {component} not come about?',
  mechanism:
    'The connector does not exist or does not work, so traffic to private addresses has no way, and new revisions that name it are refused.',
  decides: 'whether {component} exists and is READY',
  query: (found, component) => describeQuery(found.configuration, component),
  evidence: [
    {
      key: 'gone',
      need: 'required',
      telling: true,
      text: 'the API answers 404 for it, or gives it another state than `READY` and `UPDATING`; or Cloud Run says that it does not exist or may not be used',
    },
    {
      key: 'users',
      need: 'required',
      text: 'services that go through it fail towards private addresses without an answer of a database, or Cloud Run says of them that it does not exist or may not be used',
    },
    { key: 'said', need: 'expected', text: 'Cloud Run says the same as the API, in a condition or a line' },
    { key: 'shared', need: 'expected', text: 'two or more services fail through it' },
  ],
  limits:
    'The API tells neither when a connector was deleted nor by whom: its last metric dates it, to some minutes.',
  outranksDependencies: true,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const state = latest(found.index, component, signal.state);
  const gone = gapsOf(found.index, component, signal.state).filter(({ reason }) => reason === 'not-found');
  const away = state ? (isAway(state.value) ? [state] : []) : gone;
  const said = saidByUsers(context, connectorRefused);
  if (away.length === 0 && said.length === 0) {
    return notIndicated(vpcConnectorUnavailable, context, connectorIsReady(found, component));
  }
  const lines = unansweredBy(context);
  const shown = away.length > 0 ? away : said;
  const items = [
    item('gone', shown),
    item('users', lines),
    item('said', said, away.length > 0 ? said.length > 0 : null),
    sharedItem(context),
  ];
  const exists = state?.value === 'READY' ? [state] : [];
  const because = away.length > 0 ? stateClause(state) : refusalClause(exists.length > 0);
  const told = away.length > 0 ? '' : `: ${quoted(said)}`;
  const onset = onsetOf(found, component) ?? (away.length > 0 ? null : onsetOfLines(context, said));
  return {
    role: 'root',
    items,
    onset,
    share: null,
    steps: [
      whyOf(context, {
        because,
        cause: { component, signal: signal.name },
        evidence: evidenceIds(shown, away.length > 0 ? [] : exists),
      }),
    ],
    why: `${because}${told}${bearing(context, lines, onset)}`,
    decidedBy: holding(items),
    missing: [toDecide(vpcConnectorUnavailable, context)],
  };
}

/** What users say of the way, where most of it is no answer of a database, which came by that way. */
function unansweredBy(context: RuleContext): Observation[] {
  const lines = saidByUsers(context).filter(({ text = '' }) => !isAnsweredByDatabase(text));
  return (partOfSaid(context, lines) ?? 1) >= 0.5 ? lines : [];
}

function stateClause(state: Observation | undefined): string {
  return state ? `its state is ${code(state.value)}` : 'the API knows no such connector';
}

/** What Cloud Run refuses, in its own alternatives: there is none, or it may not use it. */
function refusalClause(exists: boolean): string {
  return exists
    ? `it exists (state ${code('READY')}) and Cloud Run cannot use it: of the reasons that Cloud Run names, a missing permission is left`
    : 'Cloud Run finds no such connector, or may not use it';
}

function quoted([word]: readonly Observation[]): string {
  return word ? excerpt(word, connectorRefused) : '';
}

/** How what its users say bears on it. */
function bearing(context: RuleContext, lines: readonly Observation[], onset: Onset | null): string {
  const { found, component, incoming } = context;
  if (lines.length > 0) return `, and ${usersList(context)} fail through it`;
  if (incoming.length > 0) return `, but databases answer ${usersList(context)} through it`;
  const isUnmeasured =
    latest(found.index, component, signal.state) === undefined && !isAbnormal(found, component);
  return isUnmeasured
    ? ', nor was one measured under that name: the configuration may name it wrongly'
    : `, but ${notPointedTo(context, onset)}`;
}
