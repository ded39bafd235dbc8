import type { Caller, InstallationToken } from './call.ts';
import { unauthorized } from './errors.ts';
import { verifyAppToken } from './jwt.ts';
import type { App } from './state/world.ts';

/** Installation tokens live for an hour. */
const tokenLifetimeMs = 3_600_000;

export interface Authentication {
  /** Who calls, by the Authorization header; null for nobody. */
  caller(app: App, authorization: string | undefined): Caller | null;
  issue(installationId: number, permissions: Record<string, string>): InstallationToken;
  revokeAll(): void;
  /** Ends the tokens of an installation that was removed. */
  revoke(installationId: number): void;
}

interface AuthenticationDependencies {
  /** ms since the epoch. */
  machine: () => number;
  random: () => string;
  personalTokens: Record<string, string>;
}

/** What a token shows of itself in a message. */
function kind(token: string): string {
  return `${token.slice(0, 4)}…`;
}

export function createAuthentication({
  machine,
  random,
  personalTokens,
}: AuthenticationDependencies): Authentication {
  const tokens = new Map<string, InstallationToken>();
  return {
    caller(app, authorization) {
      if (authorization === undefined) return null;
      const value = /^(?:bearer|token) +(\S+)$/i.exec(authorization)?.[1];
      if (value === undefined)
        throw unauthorized('Bad credentials', 'Authorization: neither bearer nor token');
      if (value.split('.').length === 3) {
        verifyAppToken(value, app, machine());
        return { kind: 'app' };
      }
      const token = tokens.get(value);
      if (token && token.expiresAt <= machine()) {
        throw unauthorized('Bad credentials', `the installation's token ${kind(value)} has expired`);
      }
      if (token) return { kind: 'installation', installationId: token.installationId, token };
      const login = personalTokens[value];
      if (login !== undefined) return { kind: 'person', login };
      throw unauthorized('Bad credentials', `the token ${kind(value)} is not known`);
    },
    issue(installationId, permissions) {
      const value = `ghs_${random().replaceAll('-', '')}`;
      const token = { value, installationId, permissions, expiresAt: machine() + tokenLifetimeMs };
      tokens.set(value, token);
      return token;
    },
    revokeAll: () => tokens.clear(),
    revoke(installationId) {
      for (const [value, token] of tokens) if (token.installationId === installationId) tokens.delete(value);
    },
  };
}
