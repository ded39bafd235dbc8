import type { Faults, ReadVariable } from './environment-reader.ts';

/** The variables that lead calls to a stand-in: never anywhere but to this machine. */

const loopbackOrigin = /^https?:\/\/(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?\/?$/;

/** A loopback origin without a slash at its end; null for any other text. */
function asLoopbackOrigin(text: string): string | null {
  return loopbackOrigin.test(text) ? (URL.parse(text)?.origin ?? null) : null;
}

/** The origin that all Google API calls go to; null where they go to Google. */
export function readGoogleEndpoint(read: ReadVariable, faults: Faults): string | null {
  const value = read('SITREP_GCP_ENDPOINT');
  if (value === null) return null;
  const origin = value.startsWith('http:') ? asLoopbackOrigin(value) : null;
  if (origin === null) {
    const remedy = 'write http://127.0.0.1:PORT, or unset it to ask Google';
    faults.add('SITREP_GCP_ENDPOINT', 'is no loopback address, and tokens would go there', remedy);
  }
  return origin;
}

/** Variables that map origins to loopback origins. */
type MapName = 'SITREP_PROBE_MAP' | 'SITREP_NOTIFY_MAP';

/** Origins and the loopback origins that are asked in their place. */
export function readOriginMap(name: MapName, read: ReadVariable, faults: Faults): Record<string, string> {
  const value = read(name);
  if (value === null) return {};
  const map = jsonOf(value);
  if (!isOfTexts(map)) {
    const remedy = 'write {"https://api.example.com": "http://127.0.0.1:4001"}';
    faults.add(name, 'is no JSON object of texts', remedy);
    return {};
  }
  return Object.fromEntries(Object.entries(map).flatMap(([from, to]) => mapping(name, from, to, faults)));
}

function mapping(name: MapName, from: string, to: string, faults: Faults): [string, string][] {
  const origin = URL.parse(from)?.origin;
  const target = asLoopbackOrigin(to);
  if (origin === undefined || origin === 'null' || from.replace(/\/$/, '') !== origin) {
    const remedy = 'write scheme and host alone, for example https://api.example.com';
    faults.add(name, `has the key ${from}, which is no origin`, remedy);
  }
  if (target === null) {
    faults.add(name, `leads ${from} to ${to}`, 'lead it to http://127.0.0.1:PORT');
  }
  return origin === undefined || target === null ? [] : [[origin, target]];
}

function isOfTexts(data: unknown): data is Record<string, string> {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
  return Object.values(data).every((value) => typeof value === 'string');
}

/** The data of a JSON text; undefined where it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
