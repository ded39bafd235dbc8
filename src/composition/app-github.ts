import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { GitHubRequest } from '../core/github-request.ts';
import { githubFetch } from './github-fetch.ts';

const quiet = () => undefined;

/** What the App proves with that it is the App. */
interface AppIdentity {
  appId: number;
  /** PKCS#8 PEM. */
  privateKey: string;
  /** Base of GitHub's REST API; null for github.com. */
  githubApiUrl: string | null;
}

/** A client that asks as the App itself, once, and for so many milliseconds at most. */
export function openAppGitHub(
  { appId, privateKey, githubApiUrl }: AppIdentity,
  milliseconds: number,
): GitHubRequest {
  const { request } = new Octokit({
    authStrategy: createAppAuth,
    auth: { appId, privateKey },
    baseUrl: githubApiUrl ?? 'https://api.github.com',
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    request: { fetch: githubFetch(milliseconds) },
  });
  return request;
}
