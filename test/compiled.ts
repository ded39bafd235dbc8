/** Variables by which a process of its own finds what Node has compiled of the source before; see `vitest.config.ts`. */
export function compiledBefore(): Record<string, string> {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
}
