import { stateOf } from '../diagnose/case.ts';
import type { Case } from '../diagnose/case.ts';
import { clock } from '../diagnose/wording.ts';
import type { Contradiction } from '../diagnosis.ts';
import { time } from '../observations.ts';
import type { ComponentState } from '../snapshot.ts';
import { servingTypes } from '../states/serving.ts';
import { claimOf } from './claims/claim.ts';
import { isAsserted } from './claims/mood.ts';
import type { ReadStatement } from './claims/read.ts';
import { shareSaid } from './claims/shares.ts';
import { laidSideBySide } from './laid.ts';

/**
 * An availability that somebody stated since the window began against the share of serving components that are healthy
 * now, or against another one where no state could be read. Only a figure that means another number of components is
 * one: it lies more than half a component off, for whatever the states that could not be read may be.
 */
export function statedAvailability(found: Case, statements: readonly ReadStatement[]): Contradiction[] {
  const { configuration, index } = found;
  const types = servingTypes(configuration);
  const serving = Object.entries(configuration.components).flatMap(([id, { type }]) =>
    types.includes(type) ? [id] : [],
  );
  if (serving.length === 0) return [];
  const having = (state: ComponentState): string[] => serving.filter((id) => stateOf(found, id) === state);
  const [healthy, unknown] = [having('healthy'), having('unknown')];
  const half = 0.5 / serving.length;
  const [low, high] = [
    healthy.length / serving.length - half,
    (healthy.length + unknown.length) / serving.length + half,
  ];
  const about = { component: configuration.environment, signal: 'availability.share' };
  const claims = statements
    .filter(({ at }) => time(at) >= time(index.window.from))
    .flatMap((statement) =>
      statement.sentences
        .filter(({ mood, elsewhere, heading }) => !heading && !elsewhere && isAsserted(mood))
        .map(shareSaid)
        .filter((said) => said !== null)
        .map(({ share, written }) => claimOf(statement, { about, value: String(share), written })),
    );
  // What shows most plainly that the figure does not hold: one that works, or one that does not.
  const tooLow = claims.some(({ value }) => Number(value) < low);
  const shown = tooLow ? healthy[0] : serving.find((id) => !healthy.includes(id) && !unknown.includes(id));
  const evidence = shown === undefined ? undefined : found.states[shown]?.evidence[0];
  const open = unknown.length > 0 ? `, ${unknown.length} unknown` : '';
  const value = `${healthy.length} of ${serving.length} up${open} at ${clock(index.takenAt, index.takenAt)} UTC`;
  return laidSideBySide({
    about,
    measured: evidence === undefined ? [] : [{ value, evidence }],
    claims,
    refuted: (claim) => Number(claim.value) < low || Number(claim.value) > high,
    clash: (a, b) => unknown.length === serving.length && Math.abs(Number(a.value) - Number(b.value)) > half,
  });
}
