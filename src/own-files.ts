import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout runs its TypeScript; the package has one JavaScript file for each entry, all in `dist/`. */
const isCheckout = import.meta.url.endsWith('.ts');
const root = new URL(isCheckout ? '../' : './', import.meta.url);

/** A file or folder that Sitrep reads when it runs, by its path in the checkout: `dist/` has it under the same. */
export function ownFile(path: string): string {
  return fileURLToPath(new URL(path, root));
}

/** A module that is run in a thread of its own, by its path in the checkout without the ending. */
export function ownModule(path: string): URL {
  return isCheckout ? new URL(`${path}.ts`, root) : new URL(`${posix.basename(path)}.js`, root);
}
