import { judgedOf } from '../core/compose/judged.ts';
import { composeRefused, recheckAt, type Call } from '../core/compose/resolution.ts';
import { composeGranted } from '../core/compose/resolved.ts';
import { gate, type Asker } from '../core/incident/gate.ts';
import type { Looked, Made } from './look.ts';
import { factsOfLook } from './looked-facts.ts';

/** What somebody asks of the gate, by a command or by closing the issue. */
export interface Asked extends Asker, Pick<Call, 'by' | 'byHand'> {
  /** Of the posting that answers. */
  id: string;
  version: string;
}

/** What the gate says of a look, as a comment and as events. Pure. */
export function resolving(looked: Looked, asked: Asked): Made {
  const { id, by, byHand, override } = asked;
  const facts = factsOfLook(looked, asked.version);
  const judged = judgedOf(facts);
  const answer = gate(judged.readings, asked);
  const { close_issue: closes, reopen_issue: reopens } = looked.configuration.resolution;
  const call = { by, byHand, override, reopens };
  const updated = { kind: 'updated', update: 'resolution', posting: id } as const;
  if (answer.granted) {
    const { overridden } = answer;
    const update = composeGranted(facts, looked.state, judged, call, overridden);
    return {
      said: [{ id, update, ...(closes && !byHand ? { issueState: 'closed' as const } : {}) }],
      events: [
        {
          kind: 'resolved',
          override: overridden.length === 0 ? null : override,
          overridden: titles(overridden),
          byHand,
          held: judged.readings.flatMap((one) => (one.result === 'met' ? [one.id] : [])),
          passed: facts.journeys.flatMap((one) => (one.blocked === false ? [one.id] : [])),
        },
        updated,
      ],
    };
  }
  const { failing, unknown } = answer;
  const update = composeRefused(facts, looked.state, judged, call, answer);
  const again = byHand && reopens;
  return {
    said: [{ id, update, outcome: 'refused', ...(again ? { issueState: 'open' as const } : {}) }],
    events: [
      {
        kind: 'resolve-refused',
        failing: titles(failing),
        unknown: titles(unknown),
        byHand,
        recheckAt: recheckAt(judged),
      },
      updated,
      ...(again ? [{ kind: 'issue-reopened' as const }] : []),
    ],
  };
}

function titles(of: readonly { title: string }[]): string[] {
  return of.map(({ title }) => title);
}
