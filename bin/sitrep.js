#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

// What was compiled once is kept, in NODE_COMPILE_CACHE or the folder for temporary files, and spares a later start the half
// of it. Where neither can be written nothing is kept.
enableCompileCache();

// The checkout runs its sources. The package has them compiled and brings none, since Node strips no types below
// node_modules.
const source = new URL('../src/cli.ts', import.meta.url);
const compiled = new URL('../dist/cli.js', import.meta.url);
await import(existsSync(source) ? source.href : compiled.href);
