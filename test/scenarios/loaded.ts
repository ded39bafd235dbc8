import { loadScenario, type LoadedScenario } from '../../sandbox/scenario/load.ts';

const loaded = new Map<string, LoadedScenario>();

/** A shipped scenario, which is read and checked once in a process; what is given is a copy of one's own. */
export async function loadedScenario(name: string): Promise<LoadedScenario> {
  const one = loaded.get(name) ?? (await loadScenario(name));
  loaded.set(name, one);
  return structuredClone(one);
}
