import { z } from 'zod';
import type { Call, Handler } from '../call.ts';
import { pathNumber } from '../call.ts';
import { notFound, refused } from '../errors.ts';
import { page } from '../paging.ts';
import { installation, ownIntegration } from '../shapes/app.ts';
import { repositoryKey } from '../state/world.ts';
import type { Account } from '../state/world.ts';

/** The installation that the path names; 404 where there is none, or none any more. */
function installationOf(call: Call): { id: number; owner: Account } {
  const id = pathNumber(call, 'installation_id');
  const owner = call.world.installations.get(id);
  if (!owner) throw notFound();
  return { id, owner };
}

export const getAuthenticated: Handler = ({ world }) => ({ status: 200, body: ownIntegration(world) });

export const listInstallations: Handler = (call) => {
  for (const name of ['since', 'outdated']) {
    if (call.query.has(name))
      throw refused(422, `${name} is not modelled`, `The stand-in does not model ${name}`);
  }
  return page(call, [...call.world.installations], ([id, owner]) => installation(call.world, { id, owner }));
};

export const getInstallation: Handler = (call) => ({
  status: 200,
  body: installation(call.world, installationOf(call)),
});

export const getRepositoryInstallation: Handler = (call) => {
  const { world, path } = call;
  const repository = world.repositories.get(repositoryKey(path['owner'] ?? '', path['repo'] ?? ''));
  const owner = repository && world.installations.get(repository.installationId);
  if (!owner) throw notFound();
  return { status: 200, body: installation(world, { id: repository.installationId, owner }) };
};

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

const tokenRequest = z.object({
  permissions: z.record(z.string(), z.string()).optional(),
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
});

/** A token may have fewer permissions than the installation, and never more. */
function demandGranted(wanted: Record<string, string>, granted: Record<string, string>): void {
  for (const [name, level] of Object.entries(wanted)) {
    const has = granted[name];
    if (has === level || (has === 'write' && level === 'read')) continue;
    const message = 'The permissions requested are not granted to this installation.';
    throw refused(
      422,
      message,
      `A token with ${name}: ${level} is asked for; the App has ${has ?? 'nothing'}`,
    );
  }
}

export const createInstallationToken: Handler = (call) => {
  const { id } = installationOf(call);
  if (call.world.suspended.has(id))
    throw refused(403, 'This installation has been suspended', `The installation ${String(id)} is suspended`);
  const held = [...call.world.repositories.values()].filter(({ installationId }) => installationId === id);
  const wanted = tokenRequest.parse(call.body ?? {});
  const granted = call.world.accepted.get(id) ?? call.world.app.manifest.default_permissions;
  demandGranted(wanted.permissions ?? {}, granted);
  const foreign =
    (wanted.repositories ?? []).some((name) => !held.some((own) => sameName(own.name, name))) ||
    (wanted.repository_ids ?? []).some((wantedId) => !held.some((own) => own.id === wantedId));
  if (foreign) {
    const message =
      'There is at least one repository that does not exist or is not accessible to the parent installation.';
    throw refused(422, message, `A token is asked for a repository that the installation does not have`);
  }
  const permissions = wanted.permissions ? { metadata: 'read', ...wanted.permissions } : granted;
  const token = call.issueToken(id, permissions);
  return {
    status: 201,
    body: {
      token: token.value,
      expires_at: `${new Date(token.expiresAt).toISOString().slice(0, 19)}Z`,
      permissions,
      repository_selection: 'selected',
    },
  };
};

export const getWebhookConfig: Handler = ({ hook }) => ({
  status: 200,
  body: {
    content_type: 'json',
    insecure_ssl: '0',
    secret: '********',
    ...(hook.url !== null && { url: hook.url }),
  },
});
