import type { Component } from '../../config/repository.schema.ts';
import { readingOf, stateOf } from '../diagnose/case.ts';
import { beganBefore, onsetOf } from '../diagnose/onset.ts';
import { list } from '../diagnose/wording.ts';
import { componentOf, dependenciesOf } from '../graph.ts';
import { sortedIds } from '../observations.ts';
import type { RuleContext } from './rule.ts';

/** What a service waits for without a word in its log: a request that waits, and a start that waits, look alike. */
const awaited: ReadonlySet<Component['type']> = new Set([
  'cloud-run',
  'vpc-connector',
  'cloud-sql',
  'http',
  'websocket',
]);

/**
 * Components that a service needs and that fail, unless they began after it: slow requests, slow starts and busy
 * instances may all be its waiting for one of them.
 */
export function awayBehind({ found, component, onset }: RuleContext): string[] {
  return dependenciesOf(found.graph, component)
    .map(({ to }) => to)
    .filter((to) => {
      const type = componentOf(found.configuration, to)?.type;
      if (type === undefined || !awaited.has(type) || stateOf(found, to) !== 'failing') return false;
      return beganBefore(onsetOf(found, to), onset) !== false;
    });
}

/** That they fail, as what speaks against a cause of the service's own; empty where none does. */
export function awayClause(away: readonly string[]): string {
  if (away.length === 0) return '';
  return `${list(away)}, on which it depends, ${away.length > 1 ? 'fail' : 'fails'} at the same time`;
}

/** The readings that say so. */
export function awayEvidence({ found }: RuleContext, away: readonly string[]): string[] {
  return sortedIds(away.flatMap((id) => readingOf(found, id).evidence));
}
