import type { Faults } from './environment-reader.ts';
import type { Policy } from './policy.schema.ts';

/** Where people are told outside GitHub: the policy names variables, and their values are read here. */

/** An address with what it takes to send there. */
export interface Channel {
  kind: 'slack' | 'webhook';
  /** https; in tests the loopback address that SITREP_NOTIFY_MAP leads it to. */
  url: string;
  /** By which a webhook is signed (Standard Webhooks); null for Slack. */
  secret: string | null;
}

const secretForm = /^(?:whsec_)?[A-Za-z0-9+/]{32,}={0,2}$/;

/** All channels of a policy by the name of the variable that holds the address. What lacks is a fault of the start. */
export function readChannels(
  policy: Policy | null,
  environment: Readonly<Record<string, string | undefined>>,
  map: Readonly<Record<string, string>>,
  faults: Faults,
): ReadonlyMap<string, Channel> {
  const grants = Object.values(policy?.repositories ?? {});
  const named = grants.flatMap(({ notify }) => Object.values(notify).flat());
  const value = (name: string): string | null => environment[name]?.trim() || null;
  const channels = named.flatMap(({ slack, webhook }): [string, Channel][] => {
    const name = slack?.url_env ?? webhook?.url_env ?? '';
    const url = addressOf(name, value(name), map, faults);
    const secret =
      webhook === undefined ? null : secretOf(webhook.secret_env, value(webhook.secret_env), faults);
    return url === null ? [] : [[name, { kind: slack === undefined ? 'webhook' : 'slack', url, secret }]];
  });
  return new Map(channels);
}

/** The values themselves are secrets: no message holds them. */
function addressOf(
  name: string,
  text: string | null,
  map: Readonly<Record<string, string>>,
  faults: Faults,
): string | null {
  if (text === null) {
    faults.add('SITREP_POLICY', `names the variable ${name}, which is not set`, `set ${name}, or remove it`);
    return null;
  }
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username !== '') {
    const remedy = `set ${name} to an address that begins with https://`;
    faults.add('SITREP_POLICY', `names the variable ${name}, which holds no https address`, remedy);
    return null;
  }
  const mapped = Object.hasOwn(map, url.origin) ? map[url.origin] : undefined;
  return mapped === undefined ? url.href : `${mapped}${url.pathname}${url.search}`;
}

function secretOf(name: string, text: string | null, faults: Faults): string | null {
  if (text !== null && secretForm.test(text)) return text;
  const remedy = `set ${name} to whsec_ and 24 bytes or more in base64, for example: echo whsec_$(openssl rand -base64 32)`;
  faults.add(
    'SITREP_POLICY',
    `names the variable ${name}, which ${text === null ? 'is not set' : 'holds no secret of Standard Webhooks'}`,
    remedy,
  );
  return null;
}
