import { readingOf } from '../diagnose/case.ts';
import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { inUse } from '../graph.ts';
import { current, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation, Statement } from '../snapshot.ts';
import { plainNumber, sameValue } from './same-value.ts';

/** A statement laid beside a reading that it contradicts. */
interface Claim {
  value: string;
  statement: Statement;
}

/**
 * What people said against what was measured. The patterns are narrow on purpose: a database called by another
 * name, a number given for a variable by its name, and a component called healthy that fails now.
 */
export function statedAgainstMeasured(found: Case, statements: readonly Statement[]): Contradiction[] {
  return Object.entries(found.configuration.components).flatMap(([id, component]) => {
    if (component.type === 'cloud-sql')
      return [...names(found, id, statements), ...health(found, id, statements)];
    if (component.type === 'cloud-run')
      return [...settings(found, id, statements), ...health(found, id, statements)];
    return health(found, id, statements);
  });
}

/** A Cloud SQL instance called by a name that is none of the configured and measured ones. */
function names(
  { configuration, index }: Case,
  id: string,
  statements: readonly Statement[],
): Contradiction[] {
  const databases = Object.entries(configuration.components).filter(
    ([, component]) => component.type === 'cloud-sql',
  );
  const measured = current(index, id, signal.name)[0];
  if (!measured || databases.length !== 1) return [];
  const own = measured.value.split(':').at(-1) ?? measured.value;
  const others = statements.flatMap((statement) =>
    instanceNames(statement.text)
      .filter((name) => name !== own && name !== measured.value)
      .map((value): Claim => ({ value, statement })),
  );
  return contradiction(id, signal.name, measured, others);
}

const instancePatterns = [
  /\bgcloud sql (?:instances describe|connect) ([a-z][a-z0-9-]{1,97})\b/g,
  /\bgcloud sql operations list [^\n]*?--instance[= ]([a-z][a-z0-9-]{1,97})\b/g,
  /\/cloudsql\/[a-z][a-z0-9-]{1,40}:[a-z]{2,20}-[a-z]{2,20}\d{1,2}:([a-z][a-z0-9-]{1,97})\b/g,
  /\bCloud SQL(?: instance)?[ *]{0,4}:?[ *]{0,4}`([a-z][a-z0-9-]{1,97})`/gi,
  /\bCloud SQL(?: instance)?[ *]{0,4}:?[ *]{0,4}`[a-z][a-z0-9-]{1,40}:[a-z0-9-]{4,30}:([a-z][a-z0-9-]{1,97})`/gi,
];

function instanceNames(text: string): string[] {
  const found = instancePatterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => match[1] ?? ''),
  );
  return [...new Set(found)].filter((name) => name !== '');
}

/** A number given for an environment variable by its name: `DATABASE_TIMEOUT=75.0`, `database timeout: 75.0s`. */
function settings(found: Case, id: string, statements: readonly Statement[]): Contradiction[] {
  return variablesOf(found, id).flatMap((key) => {
    const [measured] = inUse(found.index, id, key);
    if (!measured || plainNumber(measured.value) === null) return [];
    const claims = statements
      .filter((statement) => isAbout(found, id, key, statement.text))
      .flatMap((statement) =>
        numbersFor(key.slice(signal.env.length), statement.text)
          .filter((value) => !sameValue(value, measured.value) && !wasTrue(found, id, key, value, statement))
          .map((value): Claim => ({ value, statement })),
      );
    return contradiction(id, key, measured, claims);
  });
}

function variablesOf({ index }: Case, id: string): string[] {
  const keys = (index.byComponent.get(id) ?? []).map((seen) => seen.signal);
  return [...new Set(keys.filter((key) => key.startsWith(signal.env)))].toSorted();
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

/** Numbers right before or after the variable's name, in its own spelling or as words; not in `from … to …`. */
function numbersFor(name: string, text: string): string[] {
  const words = name.split('_').filter((word) => /^\w+$/.test(word));
  if (words.length < 2) return [];
  const spelling = `(?:${words.join('_')}|${words.join('[ -]')})`;
  const number = String.raw`(\d{1,6}(?:\.\d{1,3})?)\s?s?(?![\w.%])`;
  const after = new RegExp(
    String.raw`\b${spelling}s?\b(?: config(?:uration)?)?[*\x60"']{0,3}\s{0,2}(?:[:=]|is|of|at)[\s*\x60"']{0,4}${number}`,
    'gi',
  );
  const ahead = new RegExp(String.raw`(?<![\w.])${number}\s${spelling}\b`, 'gi');
  return [after, ahead].flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));
}

/** The statement was made before a change away from that value: it was right when it was made. */
function wasTrue({ changes }: Case, id: string, key: string, value: string, statement: Statement): boolean {
  return changes.some(
    (change) =>
      change.component === id &&
      time(change.at) > time(statement.at) &&
      change.diff.some((one) => one.key === key && one.from !== null && sameValue(one.from, value)),
  );
}

const works =
  '(?:is|are)(?: now| again| fully){0,2} (?:healthy|operational|working|up again|back up|recovered)';

/** A component called healthy within the window while its readings show that it fails. */
function health(found: Case, id: string, statements: readonly Statement[]): Contradiction[] {
  const reading = readingOf(found, id);
  const evidence = reading.evidence[0];
  if (reading.state !== 'failing' || evidence === undefined) return [];
  const pattern = new RegExp(`\`${id}\` ${works}\\b`, 'i');
  const said = statements.filter(
    ({ text, at }) =>
      pattern.test(text) &&
      time(at) >= time(found.index.window.from) &&
      time(at) <= time(found.index.takenAt),
  );
  if (said.length === 0) return [];
  const sides = said.map((statement) => ({
    value: pattern.exec(statement.text)?.[0] ?? '',
    statement: statement.url,
  }));
  return [
    {
      about: { component: id, signal: 'healthy' },
      kind: 'stated-measured',
      sides: [{ value: `failing: ${reading.why}`, evidence }, ...sides],
    },
  ];
}

/** The measured side first, then each stated value once for each statement. */
function contradiction(
  id: string,
  name: string,
  measured: Observation,
  claims: readonly Claim[],
): Contradiction[] {
  if (claims.length === 0) return [];
  const seen = new Set<string>();
  const sides = claims
    .filter(({ value, statement }) => {
      const key = JSON.stringify([value, statement.url]);
      return !seen.has(key) && seen.add(key);
    })
    .map(({ value, statement }) => ({ value, statement: statement.url }));
  return [
    {
      about: { component: id, signal: name },
      kind: 'stated-measured',
      sides: [{ value: measured.value, evidence: measured.id }, ...sides],
    },
  ];
}
