import { connectorRefused } from '../diagnose/accusations.ts';
import { onsetOf } from '../diagnose/onset.ts';
import { describeQuery } from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import { gapsOf, latest } from '../observations.ts';
import { signal } from '../signals.ts';
import { excerpt } from '../diagnose/log-lines.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { connectorIsReady } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLines, saidByUsers, sharedItem, usersList } from './users.ts';

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
      text: 'the API answers 404 for it, or gives it another state than `READY`',
    },
    {
      key: 'users',
      need: 'required',
      text: 'services that go through it fail towards private addresses, or Cloud Run says that it does not exist or may not be used',
    },
    { key: 'said', need: 'expected', text: 'Cloud Run itself says so, in a condition or a line' },
    { key: 'shared', need: 'expected', text: 'two or more services fail through it' },
  ],
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
  const lines = saidByUsers(context);
  const items = [
    item('gone', away, away.length > 0 ? true : state ? false : null),
    item('users', lines),
    item('said', said),
    sharedItem(context),
  ];
  const [word] = said;
  const what =
    state && isAway(state.value) ? `its state is ${code(state.value)}` : 'the API knows no such connector';
  const because = away.length > 0 ? what : 'Cloud Run may not use it, or finds none';
  const quoted = word ? `; Cloud Run says ${excerpt(word, connectorRefused)}` : '';
  return {
    role: 'root',
    items,
    onset: onsetOf(found, component) ?? (away.length > 0 ? null : onsetOfLines(context, said)),
    share: null,
    steps: [
      whyOf(context, {
        because: `${because}${quoted}`,
        cause: { component, signal: signal.name },
        evidence: holding(items.filter(({ key }) => key === 'gone' || key === 'said')),
      }),
    ],
    why: `${because}${quoted}${lines.length === 0 ? ', but nothing that fails points to it' : `, and ${usersList(context)} fail through it`}`,
    decidedBy: holding(items),
    missing: [toDecide(vpcConnectorUnavailable, context)],
  };
}

/** States in which a connector carries no traffic (Serverless VPC Access API v1). An update goes on beside it. */
function isAway(state: string): boolean {
  return !['READY', 'UPDATING', 'STATE_UNSPECIFIED'].includes(state);
}
