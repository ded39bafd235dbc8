import type { Case } from '../diagnose/case.ts';
import { latest } from '../observations.ts';
import { signal } from '../signals.ts';

/** The variables of the services, read off once: what people say is laid beside them sentence by sentence. */
export interface Variables {
  /** Ids of the Cloud Run services. */
  services: readonly string[];
  /** Services that have a variable, read or expected, by its signal. */
  servicesWith: ReadonlyMap<string, readonly string[]>;
  /** Signals of the variables whose name begins with a word, in lower case. */
  byFirstWord: ReadonlyMap<string, readonly string[]>;
  /** Numbers of the serving revisions, `00750`. */
  servingRevisions: ReadonlySet<string>;
  /** Timeouts of connections to a database, by their name. */
  connectionTimeouts: readonly { component: string; signal: string }[];
}

const ofConnections = /(?:^|_)(?:DATABASE|DB|SQL|POSTGRES|PG|MYSQL|CONNECT(?:ION)?)(?=_|$)/i;

/** Reads the variables off a case. */
export function readVariables(found: Case): Variables {
  const services = Object.entries(found.configuration.components).flatMap(([id, { type }]) =>
    type === 'cloud-run' ? [id] : [],
  );
  const all = services.flatMap((component) =>
    variablesOf(found, component).map((key) => ({ component, signal: key })),
  );
  const bySignal = Map.groupBy(all, (one) => one.signal);
  return {
    services,
    servicesWith: new Map([...bySignal].map(([key, having]) => [key, having.map((one) => one.component)])),
    byFirstWord: Map.groupBy(bySignal.keys(), (key) => wordsOf(nameOf(key))[0] ?? ''),
    servingRevisions: new Set(
      services.flatMap((id) => revisionsIn(latest(found.index, id, signal.servingRevision)?.value ?? '')),
    ),
    connectionTimeouts: all.filter(
      (one) => /TIMEOUT/i.test(one.signal) && ofConnections.test(nameOf(one.signal)),
    ),
  };
}

function variablesOf({ index, configuration }: Case, id: string): string[] {
  const component = configuration.components[id];
  const expected = component?.type === 'cloud-run' ? Object.keys(component.expect?.env ?? {}) : [];
  const seen = (index.byComponent.get(id) ?? []).map((one) => one.signal);
  const keys = [...seen, ...expected.map((name) => `${signal.env}${name}`)];
  return [...new Set(keys.filter((key) => key.startsWith(signal.env)))].toSorted();
}

/** Whether a sentence names a revision that does not serve. */
export function namesOtherRevision({ servingRevisions }: Variables, sentence: string): boolean {
  return (
    /\b(?:old|older|previous|last healthy|other) revision\b/i.test(sentence) ||
    revisionsIn(sentence).some((number) => !servingRevisions.has(number))
  );
}

function revisionsIn(text: string): string[] {
  return (
    text.match(/(?<![\w.:])(?:[a-z][a-z0-9-]{0,60}-)?0\d{4}(?![\w.])/gi)?.map((name) => name.slice(-5)) ?? []
  );
}

/** The name of a variable, of its signal. */
export function nameOf(key: string): string {
  return key.slice(signal.env.length);
}

/** The words of a variable's name or of a sentence, in lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/** The services that a sentence names by their ids. */
export function servicesNamed({ services }: Variables, sentence: string): string[] {
  const words = new Set(sentence.toLowerCase().match(/[\w-]+/g) ?? []);
  return services.filter((id) => words.has(id.toLowerCase()));
}

/** Whether the configuration says what a service's variable should be. */
export function isExpected({ configuration }: Case, id: string, key: string): boolean {
  const component = configuration.components[id];
  return component?.type === 'cloud-run' && Object.hasOwn(component.expect?.env ?? {}, nameOf(key));
}
