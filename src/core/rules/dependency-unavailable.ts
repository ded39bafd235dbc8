import { readingOf, stateOf } from '../diagnose/case.ts';
import { describeQuery } from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import { dependenciesOf } from '../graph.ts';
import { sortedIds } from '../observations.ts';
import { signal } from '../signals.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLines, saidByUsers, sharedItem, usersList } from './users.ts';

/** Something outside that a service needs, asked by ourselves, does not answer as it should either. */
export const dependencyUnavailable: Rule = {
  id: 'dependency-unavailable',
  appliesTo: ['http', 'websocket'],
  question: 'Why does {component} not answer its callers?',
  mechanism: 'A service outside the project does not answer, so the requests that need it fail.',
  decides: 'whether {component} answers, and whether the errors of its users name its host',
  query: (found, component) => describeQuery(found.configuration, component),
  evidence: [
    { key: 'fails', need: 'required', telling: true, text: 'our own request to it fails' },
    {
      key: 'named',
      need: 'required',
      text: 'the errors of a service that needs it name its host, for at least half of its failures',
    },
    { key: 'shared', need: 'expected', text: 'two or more services fail towards it' },
    { key: 'own', need: 'forbidden', text: 'it lies before a component of ours that fails: then that is where to look' },
  ],
  outranksDependencies: false,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const state = stateOf(found, component);
  const { why, evidence } = readingOf(found, component);
  const lines = saidByUsers(context);
  const fails = state === 'failing';
  if (!fails && lines.length === 0) {
    const healthy = state === 'healthy';
    return notIndicated(
      dependencyUnavailable,
      context,
      healthy ? { verdict: 'refuted', why: `it answers ${why}`, decidedBy: evidence } : null,
    );
  }
  const behind = dependenciesOf(found.graph, component).map(({ to }) => to);
  const failing = behind.filter((id) => stateOf(found, id) === 'failing' || stateOf(found, id) === 'degraded');
  const items = [
    { key: 'fails', holds: state === 'unknown' ? null : fails, evidence },
    item('named', lines),
    sharedItem(context),
    {
      key: 'own',
      holds: failing.length > 0,
      evidence: sortedIds(failing.flatMap((id) => readingOf(found, id).evidence)),
    },
  ];
  return {
    role: 'root',
    items,
    onset: onsetOfLines(context, lines),
    share: null,
    steps: [
      whyOf(context, {
        because: `${code(component)} lies outside, and our own request to it fails too: ${why}`,
        cause: { component, signal: signal.status },
        evidence: holding(items),
      }),
    ],
    why:
      lines.length > 0
        ? `our own request to it ${fails ? 'fails' : `is ${state}`} (${why}), and ${usersList(context)} fail towards it`
        : `our own request to it fails (${why}), but nothing that fails names it`,
    decidedBy: sortedIds([...evidence, ...lines.map(({ id }) => id)]),
    missing: [toDecide(dependencyUnavailable, context)],
  };
}
