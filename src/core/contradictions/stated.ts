import type { CloudRunComponent } from '../../config/repository.schema.ts';
import { changesOf, readingOf } from '../diagnose/case.ts';
import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { inUse } from '../graph.ts';
import { compareText, current, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation, Statement } from '../snapshot.ts';
import { mentionsIn } from './mentions.ts';
import type { Mentions } from './mentions.ts';
import { nameFinder } from './names-in-text.ts';
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
  const mentions = mentionsIn(statements);
  const numbers = numbersStated(found, mentions);
  const components = Object.entries(found.configuration.components);
  const databases = components.filter(([, component]) => component.type === 'cloud-sql').length;
  return components.flatMap(([id, component]) => {
    if (component.type === 'cloud-sql' && databases === 1)
      return [...names(found, id, statements), ...health(found, id, mentions)];
    if (component.type === 'cloud-run')
      return [...settings(found, id, numbers), ...health(found, id, mentions)];
    return health(found, id, mentions);
  });
}

/** The only Cloud SQL instance called by a name that is none of the configured and measured ones. */
function names({ index }: Case, id: string, statements: readonly Statement[]): Contradiction[] {
  const measured = current(index, id, signal.name)[0];
  if (!measured) return [];
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

/** The numbers that somebody gave for environment variables: by the service that is meant, and the variable's signal. */
type StatedNumbers = ReadonlyMap<string, ReadonlyMap<string, readonly Claim[]>>;

function numbersStated(found: Case, mentions: Mentions): StatedNumbers {
  const services = Object.entries(found.configuration.components).flatMap(([id, component]) =>
    component.type === 'cloud-run' ? [{ id, component }] : [],
  );
  const namedIn = servicesNamedIn(services);
  const having = services.flatMap((service) =>
    variablesOf(found, service.id).map((key) => ({ key, service })),
  );
  const meant = [...Map.groupBy(having, ({ key }) => key)].flatMap(([key, some]) => {
    const name = key.slice(signal.env.length);
    const ids = new Set(some.map(({ service }) => service.id));
    const otherwise = servicesMeant(
      name,
      some.map(({ service }) => service),
    );
    return mentions.ofWords(wordsOf(name)).flatMap((statement) => {
      const values = numbersFor(name, statement.text);
      const named = values.length === 0 ? [] : namedIn(statement.text).filter((id) => ids.has(id));
      return (named.length > 0 ? named : otherwise).flatMap((id) =>
        values.map((value) => ({ id, key, claim: { value, statement } })),
      );
    });
  });
  return new Map(
    [...Map.groupBy(meant, ({ id }) => id)].map(([id, own]) => [
      id,
      new Map(
        [...Map.groupBy(own, ({ key }) => key)].map(([key, alike]) => [key, alike.map(({ claim }) => claim)]),
      ),
    ]),
  );
}

/** A number given for an environment variable by its name: `DATABASE_TIMEOUT=75.0`, `database timeout: 75.0s`. */
function settings(found: Case, id: string, stated: StatedNumbers): Contradiction[] {
  const own = [...(stated.get(id) ?? [])].toSorted(([a], [b]) => compareText(a, b));
  return own.flatMap(([key, claims]) => {
    const [measured] = inUse(found.index, id, key);
    if (!measured || plainNumber(measured.value) === null) return [];
    const others = claims.filter(
      ({ value, statement }) =>
        !sameValue(value, measured.value) && !wasTrue(found, id, key, value, statement),
    );
    return contradiction(id, key, measured, others);
  });
}

function variablesOf({ index }: Case, id: string): string[] {
  return [...(index.bySignal.get(id)?.keys() ?? [])].filter((key) => key.startsWith(signal.env));
}

interface Service {
  id: string;
  component: CloudRunComponent;
}

/** Makes a function that gives the ids of the services that a text names: by id in backticks, or by their name. */
function servicesNamedIn(services: readonly Service[]): (text: string) => string[] {
  const byName = Map.groupBy(services, ({ component }) => component.service);
  const ids = new Set(services.map(({ id }) => id));
  const namesIn = nameFinder(byName.keys());
  return (text) => {
    const quoted = text.split('`').slice(1, -1);
    const named = [...namesIn(text)].flatMap((name) => byName.get(name) ?? []).map(({ id }) => id);
    return [...new Set([...quoted.filter((id) => ids.has(id)), ...named])];
  };
}

/**
 * The services that a statement about a variable is about where it names none: the only one with the variable, or the
 * only one for which the configuration says what it should be.
 */
function servicesMeant(name: string, services: readonly Service[]): string[] {
  const expected = services.filter(({ component }) => Object.hasOwn(component.expect?.env ?? {}, name));
  const meant = services.length === 1 ? services : expected;
  return meant.length === 1 ? meant.map(({ id }) => id) : [];
}

function wordsOf(name: string): string[] {
  return name.split('_').filter((word) => /^\w+$/.test(word));
}

/** Numbers right before or after the variable's name, in its own spelling or as words; not in `from … to …`. */
function numbersFor(name: string, text: string): string[] {
  const words = wordsOf(name);
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
function wasTrue(found: Case, id: string, key: string, value: string, statement: Statement): boolean {
  return changesOf(found, id).some(
    (change) =>
      time(change.at) > time(statement.at) &&
      change.diff.some((one) => one.key === key && one.from !== null && sameValue(one.from, value)),
  );
}

const works =
  '(?:is|are)(?: now| again| fully){0,2} (?:healthy|operational|working|up again|back up|recovered)';

/** A component called healthy within the window while its readings show that it fails. */
function health(found: Case, id: string, mentions: Mentions): Contradiction[] {
  const reading = readingOf(found, id);
  const evidence = reading.evidence[0];
  if (reading.state !== 'failing' || evidence === undefined) return [];
  const pattern = new RegExp(`\`${id}\` ${works}\\b`, 'i');
  const said = mentions
    .ofQuoted(id)
    .filter(
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
