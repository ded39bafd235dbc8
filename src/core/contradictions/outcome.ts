import { readingOf } from '../diagnose/case.ts';
import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { code } from '../diagnose/wording.ts';
import { time } from '../observations.ts';
import type { IncidentFacts } from '../snapshot.ts';
import { servingTypes } from '../states/serving.ts';
import { claimOf } from './claims/claim.ts';
import { outcomeSaid } from './claims/outcomes.ts';
import type { ReadStatement } from './claims/read.ts';
import { laidSideBySide } from './laid.ts';

/**
 * Whether the incident goes on or can be closed, as people said since the window began: against a serving component
 * or an endpoint that fails, and against each other where nothing
 * could be read.
 */
export function statedOutcome(
  found: Case,
  statements: readonly ReadStatement[],
  incident: IncidentFacts | null | undefined,
): Contradiction[] {
  const { configuration, index } = found;
  const about = { component: configuration.environment, signal: 'outcome' };
  const claims = statements
    .filter(({ at }) => time(at) >= time(index.window.from))
    .flatMap((statement) => {
      const issue = incident?.issue ?? issueOf(statement.url);
      return statement.sentences.flatMap((sentence) => {
        const said = outcomeSaid(sentence, issue);
        return said === null
          ? []
          : [claimOf(statement, { about, value: said.outcome, written: said.written })];
      });
    });
  const types = new Set([...servingTypes(configuration), 'http', 'websocket']);
  const serving = Object.entries(configuration.components)
    .filter(([, { type }]) => types.has(type))
    .map(([id]) => ({ id, ...readingOf(found, id) }));
  const failing = serving.flatMap(({ id, state, why, evidence: [shown] }) =>
    state === 'failing' && shown !== undefined
      ? [{ value: `${code(id)} failing: ${why}`, evidence: shown }]
      : [],
  );
  const unread = serving.every(({ state }) => state === 'unknown');
  return laidSideBySide({
    about,
    measured: failing.slice(0, 1),
    claims,
    refuted: ({ value }) => value === 'over',
    // Who proposes to close what another called active may have seen it end: the readings tell.
    clash: (earlier, later) => unread && earlier.value !== later.value,
  });
}

/** The number of the issue that a comment's link names. */
function issueOf(url: string): number | null {
  const number = /\/issues\/(\d{1,9})(?:#|$)/.exec(url)?.[1];
  return number === undefined ? null : Number(number);
}
