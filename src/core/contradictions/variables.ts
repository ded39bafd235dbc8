import type { Case } from '../diagnose/case.ts';
import { signal } from '../signals.ts';

/** Ids of the Cloud Run services. */
export function servicesOf({ configuration }: Case): string[] {
  return Object.entries(configuration.components).flatMap(([id, { type }]) =>
    type === 'cloud-run' ? [id] : [],
  );
}

/** Signals of a service's variables that were read or are expected, in order. */
export function variablesOf({ index, configuration }: Case, id: string): string[] {
  const component = configuration.components[id];
  const expected = component?.type === 'cloud-run' ? Object.keys(component.expect?.env ?? {}) : [];
  const seen = (index.byComponent.get(id) ?? []).map((one) => one.signal);
  const keys = [...seen, ...expected.map((name) => `${signal.env}${name}`)];
  return [...new Set(keys.filter((key) => key.startsWith(signal.env)))].toSorted();
}

/** The services that a sentence names by their ids. */
export function servicesNamed(found: Case, sentence: string): string[] {
  const words = new Set(sentence.toLowerCase().match(/[\w-]+/g) ?? []);
  return servicesOf(found).filter((id) => words.has(id.toLowerCase()));
}

/** Whether the configuration says what a service's variable should be. */
export function isExpected({ configuration }: Case, id: string, key: string): boolean {
  const component = configuration.components[id];
  return (
    component?.type === 'cloud-run' &&
    Object.hasOwn(component.expect?.env ?? {}, key.slice(signal.env.length))
  );
}
