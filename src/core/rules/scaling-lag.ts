import { eventsFor } from '../diagnose/accusations.ts';
import { noInstance } from '../diagnose/log-signatures.ts';
import { logQuery } from '../diagnose/queries.ts';
import { componentOf } from '../graph.ts';
import { evidenceIds } from '../observations.ts';
import { signal } from '../signals.ts';
import { linesOf, shareOfErrors, timesOf } from '../diagnose/log-lines.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { instancesBelowMaximum, logHasNone } from './refutations.ts';
import { requestsRose } from './request-load.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { beganInWindow, onsetOfLogs } from './users.ts';

/** Traffic grows faster than instances start, below the maximum: requests that find none are answered 500. */
export const scalingLag: Rule = {
  id: 'scaling-lag',
  appliesTo: ['cloud-run'],
  headline: '{component} scales too slowly',
  question: 'Why do requests to {component} find no instance?',
  mechanism: 'Requests come faster than new instances start, and those that wait too long are answered 500.',
  decides: 'whether requests to {component} found no instance below its maximum while its traffic rose',
  query: (found, component) =>
    logQuery(found.configuration, component, 'textPayload=~"no available instance"'),
  evidence: [
    {
      key: 'turned-away',
      need: 'required',
      telling: true,
      text: '"no available instance" in the log, for at least half of the 5xx',
    },
    { key: 'below', need: 'required', text: 'every revision stayed below its maximum of instances' },
    { key: 'load', need: 'required', text: 'requests rose by a fifth or more against the hour before' },
    {
      key: 'incident',
      need: 'forbidden',
      text: 'Google reports an event of Cloud Run in the region: instances may not start for that',
    },
  ],
  outranksDependencies: false,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const lines = linesOf(found, component, noInstance);
  if (lines.length === 0) {
    return notIndicated(scalingLag, context, logHasNone(found, component, 'no request without an instance'));
  }
  const below = instancesBelowMaximum(found, component);
  const share = shareOfErrors(found, component, lines);
  const load = beganInWindow(context) ? requestsRose(found, component) : null;
  const events = Object.keys(found.configuration.components)
    .filter((id) => componentOf(found.configuration, id)?.type === 'google-region')
    .flatMap((region) => eventsFor(found, component, region));
  const items = [
    item('turned-away', lines, share === null ? null : share >= 0.5),
    { key: 'below', holds: below ? true : null, evidence: below?.decidedBy ?? [] },
    item('load', load?.seen ?? [], load?.rose ?? null),
    item('incident', events, events.length > 0),
  ];
  const found500 = `requests found no instance, ${timesOf(lines)}`;
  const grew = load ? `, ${load.clause}` : '';
  const against = [
    below ? '' : 'whether it was below its maximum is not shown',
    load?.rose === false ? 'its traffic did not rise' : '',
    share !== null && share < 0.5 ? 'most of its 5xx have another reason' : '',
    events.length > 0 ? 'Google reports an event of Cloud Run in the region' : '',
  ].filter((part) => part !== '');
  return {
    role: 'root',
    items,
    onset: onsetOfLogs(context, lines),
    share,
    steps: [
      whyOf(context, {
        because: `${found500}, though fewer ran than it may have${grew}`,
        cause: { component, signal: signal.requests },
        evidence: holding(items),
        share,
      }),
    ],
    why: `${found500}${grew}${against.length > 0 ? `, but ${against.join(', ')}` : ''}`,
    decidedBy: evidenceIds(lines, load?.seen ?? [], events),
    missing: [toDecide(scalingLag, context)],
  };
}
