import { z } from 'zod';
import type { Call, Handler } from '../call.ts';
import { pathNumber } from '../call.ts';
import { notFound, refused } from '../errors.ts';
import { page } from '../paging.ts';
import { installation, ownIntegration } from '../shapes/app.ts';
import type { Repository } from '../state/world.ts';

function byInstallation(call: Call): Repository {
  const id = pathNumber(call, 'installation_id');
  const repository = [...call.world.repositories.values()].find(
    ({ installationId }) => installationId === id,
  );
  if (!repository) throw notFound();
  return repository;
}

export const getAuthenticated: Handler = ({ world }) => ({ status: 200, body: ownIntegration(world) });

export const listInstallations: Handler = (call) => {
  for (const name of ['since', 'outdated']) {
    if (call.query.has(name))
      throw refused(422, `${name} is not modelled`, `The stand-in does not model ${name}`);
  }
  return page(call, [...call.world.repositories.values()], (repository) =>
    installation(call.world, repository),
  );
};

export const getInstallation: Handler = (call) => ({
  status: 200,
  body: installation(call.world, byInstallation(call)),
});

export const getRepositoryInstallation: Handler = (call) => {
  const name = `${call.path['owner']}/${call.path['repo']}`;
  const repository = call.world.repositories.get(name.toLowerCase());
  if (!repository) throw notFound();
  return { status: 200, body: installation(call.world, repository) };
};

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
  const repository = byInstallation(call);
  const wanted = tokenRequest.parse(call.body ?? {});
  const granted = call.world.app.manifest.default_permissions;
  demandGranted(wanted.permissions ?? {}, granted);
  const foreign =
    (wanted.repositories ?? []).some((name) => name.toLowerCase() !== repository.name.toLowerCase()) ||
    (wanted.repository_ids ?? []).some((id) => id !== repository.id);
  if (foreign) {
    const message =
      'There is at least one repository that does not exist or is not accessible to the parent installation.';
    throw refused(422, message, `A token is asked for a repository that the installation does not have`);
  }
  const permissions = wanted.permissions ? { metadata: 'read', ...wanted.permissions } : granted;
  const token = call.issueToken(repository.installationId, permissions);
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
