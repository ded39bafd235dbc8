import { globSync, readFileSync } from 'node:fs';
import { vi } from 'vitest';
import type { FoundPattern } from './patterns.ts';

const root = new URL('../../src/', import.meta.url);
/** Below this the source lies, in what a stack trace says of a caller. */
const source = /\/src\/([^\s:?]+\.ts)[:?]/;

/** Files, of those that are asked for, that put patterns together from parts. */
export function filesThatBuild(asked: RegExp): string[] {
  return globSync('**/*.ts', { cwd: root.pathname })
    .filter((file) => asked.test(file))
    .filter((file) => readFileSync(new URL(file, root), 'utf8').includes('new RegExp('))
    .toSorted();
}

/** The patterns that these files put together when they are loaded, which they are anew. */
export async function patternsBuiltIn(files: readonly string[]): Promise<FoundPattern[]> {
  const found = new Map<string, FoundPattern>();
  const { RegExp: original } = globalThis;
  globalThis.RegExp = new Proxy(original, {
    construct(target, given, newTarget) {
      const pattern: RegExp = Reflect.construct(target, given, newTarget);
      const file = source.exec((new Error().stack ?? '').split('\n')[2] ?? '')?.[1];
      if (file !== undefined && files.includes(file)) found.set(String(pattern), { file, pattern });
      return pattern;
    },
  });
  try {
    vi.resetModules();
    for (const file of files) await import(new URL(file, root).href);
  } finally {
    globalThis.RegExp = original;
  }
  return [...found.values()];
}
