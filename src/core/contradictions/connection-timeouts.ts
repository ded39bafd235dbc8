import type { Case } from '../diagnose/case.ts';
import { claimOf } from './claims/claim.ts';
import type { Claim } from './claims/claim.ts';
import type { ReadStatement } from './claims/read.ts';
import { timeoutsOf } from './claims/timeouts.ts';
import { isExpected, namesOtherRevision, servicesNamed } from './variables.ts';
import type { Variables } from './variables.ts';

/** Where people name no setting that is configured or measured, a timeout is one of the database's. */
const unnamedTimeout = 'timeout.connect';

/** Timeouts of connections to the database in any of the ways in which people write them, each for the setting that it is. */
export function connectionTimeouts(
  found: Case,
  variables: Variables,
  statements: readonly ReadStatement[],
): Claim[] {
  return statements.flatMap((statement) => {
    const speaksOfDatabase = /\b(?:database|cloud ?sql|postgres)/i.test(statement.unquoted);
    const sentences = statement.sentences.filter(({ text }) => !namesOtherRevision(variables, text));
    return sentences.flatMap((sentence) =>
      timeoutsOf(sentence).flatMap(({ seconds, written, from, ofDatabase }) => {
        const about = ofDatabase || speaksOfDatabase ? timeoutMeant(found, variables, sentence.text) : null;
        if (about === null) return [];
        const scale = /_(?:MS|MILLIS(?:ECONDS)?)$/i.test(about.signal) ? 1_000 : 1;
        const inUnit = (value: number): string => String(Number((value * scale).toFixed(3)));
        return [claimOf(statement, { about, value: inUnit(seconds), written, from: from.map(inUnit) })];
      }),
    );
  });
}

/**
 * Which setting a timeout of the database's connections is: the only one with such a name that the configuration
 * expects, or the only one that was read; of the services that the sentence names, where it names some. Null where
 * several may be meant; where there is none, the database's own.
 */
function timeoutMeant(found: Case, variables: Variables, text: string): Claim['about'] | null {
  const named = servicesNamed(variables, text);
  const { connectionTimeouts: candidates } = variables;
  const near =
    named.length > 0 ? candidates.filter(({ component }) => named.includes(component)) : candidates;
  const expected = near.filter(({ component, signal: key }) => isExpected(found, component, key));
  const [only, ...rest] = expected.length > 0 ? expected : near;
  if (only !== undefined) return rest.length === 0 ? only : null;
  const databases = Object.entries(found.configuration.components).filter(
    ([, { type }]) => type === 'cloud-sql',
  );
  const database = databases[0]?.[0];
  if (named.length > 0 || databases.length !== 1 || database === undefined) return null;
  return { component: database, signal: unnamedTimeout };
}
