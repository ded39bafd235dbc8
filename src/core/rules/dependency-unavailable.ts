import { readingOf, stateOf } from '../diagnose/case.ts';
import type { Case } from '../diagnose/case.ts';
import { describeQuery } from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import { dependenciesOf } from '../graph.ts';
import { latest, numberOf, sortedIds } from '../observations.ts';
import { signal } from '../signals.ts';
import { item, notIndicated, toDecide, whyOf } from './outcome.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLines, saidByUsers, sharedItem, users, usersList } from './users.ts';

/** Something outside that a service needs, asked by ourselves, does not answer as it should either. */
export const dependencyUnavailable: Rule = {
  id: 'dependency-unavailable',
  appliesTo: ['http', 'websocket'],
  concerns: liesOutside,
  headline: '{component} down',
  question: 'Why does {component} not answer its callers?',
  mechanism: 'A service outside the project does not answer, so the requests that need it fail.',
  decides: 'whether {component} answers, and whether the errors of its users name its host',
  query: (found, component) => describeQuery(found.configuration, component),
  evidence: [
    {
      key: 'fails',
      need: 'required',
      telling: true,
      text: 'our own request to it fails, other than by an answer of 4xx',
    },
    {
      key: 'named',
      need: 'required',
      text: 'the errors of a service that needs it name its host, for at least half of its failures',
    },
    { key: 'shared', need: 'expected', text: 'two or more services fail towards it' },
  ],
  limits:
    'Only endpoints that the configuration names are asked, from where Sitrep runs; one that gives no answer at all is unknown.',
  outranksDependencies: false,
  goesBehind: [],
  examine,
};

/** An endpoint that something of ours needs, and that does not itself lead to something of ours. */
function liesOutside({ configuration, graph }: Case, component: string): boolean {
  if (dependenciesOf(graph, component).length > 0) return false;
  return Object.keys(configuration.components).some((id) =>
    dependenciesOf(graph, id).some(({ to }) => to === component),
  );
}

/** It answers, though not as we expected: most APIs ask who calls. */
function refusesUs({ found, component }: RuleContext): boolean {
  const status = numberOf(latest(found.index, component, signal.status));
  return status !== null && status >= 400 && status < 500;
}

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const state = stateOf(found, component);
  const { why, evidence } = readingOf(found, component);
  const lines = saidByUsers(context);
  const refuses = refusesUs(context);
  const fails = state === 'failing' && !refuses;
  if (!fails && lines.length === 0) {
    const answers = { why: `it answers ${why}`, decidedBy: evidence };
    const late = {
      ...answers,
      verdict: 'weaker' as const,
      why: `${answers.why}; most failures do not name it`,
    };
    const isThere = state === 'healthy' || refuses;
    return notIndicated(
      dependencyUnavailable,
      context,
      isThere ? { ...answers, verdict: 'refuted' } : state === 'degraded' ? late : null,
    );
  }
  const items = [
    { key: 'fails', holds: state === 'unknown' ? null : fails, evidence },
    item('named', lines),
    sharedItem(context),
  ];
  return {
    role: 'root',
    items,
    onset: onsetOfLines(context, lines),
    share: null,
    steps: [
      whyOf(context, {
        because: `${code(component)} lies outside, and our own request to it fails too: ${why}`,
        cause: { component, signal: signal.samplesAlike },
        evidence,
      }),
    ],
    why:
      lines.length > 0
        ? `${usersList(context)} ${users(context).length > 1 ? 'fail' : 'fails'} towards it, ${fails ? `and our own request to it fails too (${why})` : `but it answers our own request (${why})`}`
        : `our own request to it fails (${why}), but nothing that fails names it`,
    decidedBy: sortedIds([...evidence, ...lines.map(({ id }) => id)]),
    missing: [toDecide(dependencyUnavailable, context)],
  };
}
