#!/usr/bin/env node
// An import of one of Node's modules loads all that is behind its exports, and keeps a start waiting for it.
const { existsSync } = process.getBuiltinModule('node:fs');
const { enableCompileCache } = process.getBuiltinModule('node:module');

// What was compiled once is kept, in NODE_COMPILE_CACHE or the folder for temporary files, and spares a later start the half
// of it. Where neither can be written nothing is kept.
enableCompileCache();

// The checkout runs its sources. The package has them compiled and brings none, since Node strips no types below
// node_modules.
const source = new URL('../src/cli.ts', import.meta.url);
const compiled = new URL('../dist/cli.js', import.meta.url);
await import(existsSync(source) ? source.href : compiled.href);
