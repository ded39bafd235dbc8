import { readFile } from 'node:fs/promises';
import { withoutEngine } from './errors.ts';

let compiled: Promise<WebAssembly.Module> | null = null;

/**
 * PGlite's PostgreSQL, compiled. All databases of one process share it, and with it the machine code that V8 makes of
 * each function when it is first called: a second one opens in a third of the time.
 *
 * @throws StoreError where the file of the package cannot be read.
 */
export function compiledEngine(): Promise<WebAssembly.Module> {
  return (compiled ??= compile());
}

async function compile(): Promise<WebAssembly.Module> {
  try {
    const entry = import.meta.resolve('@electric-sql/pglite');
    return await WebAssembly.compile(await readFile(new URL('pglite.wasm', entry)));
  } catch (error) {
    throw withoutEngine(error);
  }
}
