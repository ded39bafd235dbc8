import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import bundled, { inflate } from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';
import { ownFonts } from './fonts.ts';

const packageRoot = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..');
const cache = fileURLToPath(new URL('../../node_modules/.cache/sitrep-chromium/', import.meta.url));

/** Offline, and nothing that Chromium does by itself: a test's browser talks to the test's page alone. */
const quiet = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-gpu',
];

/** Relaxations that the package makes for serverless use. Our pages are to be judged by the browser's real rules. */
const relaxed = new Set(['--disable-web-security', '--allow-running-insecure-content', '--single-process']);

/** Why the browser cannot run here, or null where it can. */
export function whyNoBrowser(): string | null {
  if (process.platform === 'linux' && process.arch === 'x64') return null;
  return `the bundled Chromium is built for linux-x64; this is ${process.platform}-${process.arch}`;
}

/**
 * Opens the Chromium of `@sparticuz/chromium`, which brings the libraries that a bare system lacks.
 * The first call inflates it (about 250 MB) below `node_modules/.cache`; later calls reuse that.
 */
export async function launchChromium(): Promise<Browser> {
  const home = await inflated();
  const options = {
    executablePath: join(home, 'chromium'),
    args: [...bundled.args.filter((flag) => !relaxed.has(flag)), ...quiet],
    env: {
      HOME: home,
      LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
      FONTCONFIG_PATH: await ownFonts(),
    },
  };
  try {
    return await chromium.launch(options);
  } catch (error) {
    // Seen once in some hundred starts, before any page was there; it says nothing of what is tested.
    if (!String(error).includes('signal=SIGSEGV')) throw error;
    process.stderr.write('\nChromium crashed while it started; it is started once more\n');
    return chromium.launch(options);
  }
}

/**
 * The package inflates into the machine's shared temporary directory, where a half-written or foreign file is
 * taken for the browser. So it is led to a directory of its own, which gets its name only when complete.
 */
async function inflated(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'));
  const home = join(cache, versionOf(manifest));
  if (existsSync(home)) return home;
  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(join(cache, 'partial-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = partial;
  try {
    await Promise.all([bundled.executablePath(), inflate(join(packageRoot, 'bin', 'al2023.tar.br'))]);
    await rename(partial, home).catch((error: unknown) => {
      if (!existsSync(home)) throw error; // another process was first; its copy is as good
    });
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    await rm(partial, { recursive: true, force: true });
  }
  return home;
}

function versionOf(manifest: unknown): string {
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
    return String(manifest.version);
  throw new Error('@sparticuz/chromium: package.json has no version');
}
