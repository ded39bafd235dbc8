import type { Faults, ReadVariable } from './environment-reader.ts';
import { variables } from './variables.ts';

/** Base of GitHub's REST API, as Probot makes it of GHE_HOST and GHE_PROTOCOL; null for github.com. */
export function readGitHubApi(read: ReadVariable, faults: Faults): string | null {
  const host = read('GHE_HOST');
  const protocol = read('GHE_PROTOCOL') ?? variables.GHE_PROTOCOL.default;
  const isKnown = protocol === 'https' || protocol === 'http';
  if (!isKnown) faults.add('GHE_PROTOCOL', `cannot be ${protocol}`, 'set it to https or http');
  if (host === null) return null;
  if (!/^[\w.-]+(:\d{1,5})?$/.test(host)) {
    faults.add('GHE_HOST', `cannot be ${host}`, 'write the host alone, for example github.example.com');
  }
  return `${protocol}://${host}/api/v3`;
}
