import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { inUse } from '../graph.ts';
import { time } from '../observations.ts';
import { signal } from '../signals.ts';
import { claimOf } from './claims/claim.ts';
import type { Claim } from './claims/claim.ts';
import type { ReadStatement } from './claims/read.ts';
import { connectionTimeouts } from './connection-timeouts.ts';
import { laidSideBySide } from './laid.ts';
import { plainNumber, sameValue } from './same-value.ts';
import { servicesNamed, servicesOf, variablesOf } from './variables.ts';

/**
 * Numbers that people give for settings: by the variable's name (`DATABASE_TIMEOUT=75.0`, `database timeout: 75.0s`),
 * and timeouts of connections to the database in any of the ways in which people write them.
 */
export function statedSettings(found: Case, statements: readonly ReadStatement[]): Contradiction[] {
  const claims = [...namedSettings(found, statements), ...connectionTimeouts(found, statements)];
  const bySetting = Map.groupBy(claims, ({ about }) => JSON.stringify([about.component, about.signal]));
  return [...bySetting.values()].flatMap((all) => {
    const about = all[0]?.about;
    if (about === undefined) return [];
    const { component, signal: key } = about;
    const [measured] = inUse(found.index, component, key);
    const inOrder = statements.flatMap(({ url, at }) =>
      all.filter((one) => one.url === url && one.at === at),
    );
    return laidSideBySide({
      about,
      measured: measured === undefined ? [] : [{ value: measured.value, evidence: measured.id }],
      claims: inOrder,
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

function namedSettings(found: Case, statements: readonly ReadStatement[]): Claim[] {
  return servicesOf(found).flatMap((component) =>
    variablesOf(found, component).flatMap((key) => {
      const [measured] = inUse(found.index, component, key);
      const numbers = numbersFor(key.slice(signal.env.length));
      if (!measured || plainNumber(measured.value) === null || numbers === null) return [];
      return statements.flatMap((statement) => {
        const stated = statement.sentences
          .filter(({ mood, elsewhere, heading }) => !heading && !elsewhere && isPresent(mood))
          .filter(({ text }) => isOfService(found, component, text))
          .flatMap(({ text }) => numbers(text));
        if (stated.length === 0 || !isAbout(found, component, key, statement.unquoted)) return [];
        return stated.map((value) =>
          claimOf(statement, {
            about: { component, signal: key },
            value: String(Number(value)),
            written: value,
          }),
        );
      });
    }),
  );
}

/** That a value was verified is said of what it is; a negation of the sentence need not be one of the value. */
function isPresent({ unreal, aside, longAgo, past }: ReadStatement['sentences'][number]['mood']): boolean {
  return !unreal && !aside && !longAgo && !past;
}

/**
 * Whether a statement about a variable is about this service: it names the service, or names none and this is the
 * only one with the variable, or the only one for which the configuration says what it should be.
 */
function isAbout(found: Case, id: string, key: string, text: string): boolean {
  const services = Object.entries(found.configuration.components).flatMap(([other, component]) =>
    component.type === 'cloud-run' && variablesOf(found, other).includes(key) ? [{ other, component }] : [],
  );
  const named = services.filter(
    ({ other, component }) => text.includes(`\`${other}\``) || text.includes(component.service),
  );
  const expected = services.filter(({ component }) =>
    Object.hasOwn(component.expect?.env ?? {}, key.slice(signal.env.length)),
  );
  const meant = [named, services.length === 1 ? services : expected].find((some) => some.length > 0) ?? [];
  return (named.length > 0 || meant.length === 1) && meant.some(({ other }) => other === id);
}

/** Finds numbers right before or after a variable's name, in its own spelling or as words; null for a name of one word. */
function numbersFor(name: string): ((text: string) => string[]) | null {
  const words = name.split('_').filter((word) => /^\w+$/.test(word));
  if (words.length < 2) return null;
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

/** Whether a sentence names no service, or this one. */
function isOfService(found: Case, component: string, text: string): boolean {
  const named = servicesNamed(found, text);
  return named.length === 0 || named.includes(component);
}
