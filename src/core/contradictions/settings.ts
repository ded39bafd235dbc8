import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { inUse } from '../graph.ts';
import { time } from '../observations.ts';
import { claimOf } from './claims/claim.ts';
import type { Claim } from './claims/claim.ts';
import type { ReadStatement } from './claims/read.ts';
import { connectionTimeouts } from './connection-timeouts.ts';
import { laidSideBySide } from './laid.ts';
import { plainNumber, sameValue } from './same-value.ts';
import {
  isExpected,
  nameOf,
  namesOtherRevision,
  readVariables,
  servicesNamed,
  wordsOf,
} from './variables.ts';
import type { Variables } from './variables.ts';

/**
 * Numbers that people give for settings: by the variable's name (`DATABASE_TIMEOUT=75.0`, `database timeout: 75.0s`),
 * and timeouts of connections to the database in any of the ways in which people write them.
 */
export function statedSettings(found: Case, statements: readonly ReadStatement[]): Contradiction[] {
  const variables = readVariables(found);
  const order = new Map(statements.map(({ url }, at) => [url, at]));
  const claims = [
    ...namedSettings(found, variables, statements),
    ...connectionTimeouts(found, variables, statements),
  ].toSorted((a, b) => (order.get(a.url) ?? 0) - (order.get(b.url) ?? 0));
  const bySetting = Map.groupBy(claims, ({ about }) => JSON.stringify([about.component, about.signal]));
  return [...bySetting.values()].flatMap((all) => {
    const about = all[0]?.about;
    if (about === undefined) return [];
    const { component, signal: key } = about;
    const [measured] = inUse(found.index, component, key);
    return laidSideBySide({
      about,
      measured: measured === undefined ? [] : [{ value: measured.value, evidence: measured.id }],
      claims: all,
      refuted: (claim) =>
        measured !== undefined &&
        plainNumber(measured.value) !== null &&
        !sameValue(claim.value, measured.value) &&
        !wasTrue(found, component, key, claim),
      clash: (earlier, later) =>
        measured === undefined &&
        !sameValue(earlier.value, later.value) &&
        !later.from.includes(earlier.value),
    });
  });
}

/** The statement was made before a change away from that value: it was right when it was made. */
function wasTrue({ changes }: Case, id: string, key: string, { value, at }: Claim): boolean {
  return changes.some(
    (change) =>
      change.component === id &&
      time(change.at) > time(at) &&
      change.diff.some((one) => one.key === key && one.from !== null && sameValue(one.from, value)),
  );
}

function namedSettings(found: Case, variables: Variables, statements: readonly ReadStatement[]): Claim[] {
  const find = new Map<string, (text: string) => string[]>();
  const numbersIn = (key: string, text: string): string[] => {
    const numbers = find.get(key) ?? numbersFor(nameOf(key));
    find.set(key, numbers);
    return numbers(text);
  };
  return statements.flatMap((statement) =>
    statement.sentences
      .filter(
        ({ mood, elsewhere, heading, text }) => !heading && !elsewhere && isPresent(mood) && /\d/.test(text),
      )
      .filter(({ text }) => !namesOtherRevision(variables, text))
      .flatMap(({ text }) =>
        [...new Set(wordsOf(text))]
          .flatMap((word) => variables.byFirstWord.get(word) ?? [])
          .flatMap((key) => numbersIn(key, text).map((value) => ({ key, value, text }))),
      )
      .flatMap(({ key, value, text }) =>
        servicesMeant(found, variables, key, { sentence: text, statement: statement.unquoted }).map(
          (component) =>
            claimOf(statement, {
              about: { component, signal: key },
              value: String(Number(value)),
              written: value,
            }),
        ),
      ),
  );
}

/** That a value was verified is said of what it is; a negation of the sentence need not be one of the value. */
function isPresent({ unreal, aside, longAgo, past }: ReadStatement['sentences'][number]['mood']): boolean {
  return !unreal && !aside && !longAgo && !past;
}

/**
 * Of which services a number for a variable is: of those with it that the sentence or else the statement names; where
 * none is named, of the only one with it, or the only one for which the configuration says what it should be.
 */
function servicesMeant(
  found: Case,
  variables: Variables,
  key: string,
  { sentence, statement }: { sentence: string; statement: string },
): string[] {
  const having = variables.servicesWith.get(key) ?? [];
  const inSentence = servicesNamed(variables, sentence);
  if (inSentence.length > 0) return having.filter((id) => inSentence.includes(id));
  const named = having.filter((id) => {
    const component = found.configuration.components[id];
    return (
      statement.includes(`\`${id}\``) ||
      (component?.type === 'cloud-run' && statement.includes(component.service))
    );
  });
  if (named.length > 0) return named;
  const meant = having.length === 1 ? having : having.filter((id) => isExpected(found, id, key));
  return meant.length === 1 ? [...meant] : [];
}

/** Finds numbers right before or after a variable's name, in its own spelling or as words; a name of one word is none. */
function numbersFor(name: string): (text: string) => string[] {
  const words = name.split('_').filter((word) => /^\w+$/.test(word));
  if (words.length < 2) return () => [];
  const spelling = `(?:${words.join('_')}|${words.join('[ -]')})`;
  const number = String.raw`(\d{1,6}(?:\.\d{1,3})?)\s?s?(?![\w.%])`;
  const after = new RegExp(
    String.raw`(?<![\w-])${spelling}s?\b(?: config(?:uration)?)?[*\x60"']{0,3}\s{0,2}(?:[:=]|is|of|at)[\s*\x60"']{0,4}${number}`,
    'gi',
  );
  const ahead = new RegExp(String.raw`(?<![\w.])${number}\s${spelling}\b`, 'gi');
  return (text) =>
    [after, ahead].flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));
}
