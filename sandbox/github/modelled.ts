import { refused } from './errors.ts';

/** Throws where a parameter or a field is given that GitHub knows and the stand-in does not heed. */
export function demandModelled(names: Iterable<string>, modelled: readonly string[]): void {
  for (const name of names) {
    if (!modelled.includes(name))
      throw refused(422, `${name} is not modelled`, `The stand-in does not model ${name}`);
  }
}
