import { createHash } from 'node:crypto';
import type { Account, World } from '../state/world.ts';

/** A JSON object that is sent. */
export type Json = Record<string, unknown>;

type Links = World['links'];

/** An opaque id as GitHub's GraphQL gives: a prefix for the kind, then the number in disguise. */
export function nodeId(prefix: string, id: number): string {
  return `${prefix}_kwDO${Buffer.from(String(id)).toString('base64url')}`;
}

/** A 40-digit id for what a scenario gives none. */
export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

const nodePrefixes = { User: 'U', Organization: 'O', Bot: 'BOT' } as const;

/** Schema `simple-user`. */
export function simpleUser(links: Links, account: Account): Json {
  const url = `${links.api}/users/${encodeURIComponent(account.login)}`;
  const page =
    account.type === 'Bot'
      ? `${links.web}/apps/${account.login.replace(/\[bot\]$/, '')}`
      : `${links.web}/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(nodePrefixes[account.type], account.id),
    avatar_url: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: page,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
  };
}

/** Schema `public-user`: what a token without the scope `user` is told of its owner. */
export function publicUser(links: Links, account: Account, at: string): Json {
  return {
    ...simpleUser(links, account),
    name: account.name,
    company: null,
    blog: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: at,
    updated_at: at,
  };
}

/** Schema `organization-simple-webhooks`. */
export function webhookOrganization(links: Links, account: Account): Json {
  const url = `${links.api}/orgs/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('O', account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    description: null,
  };
}
