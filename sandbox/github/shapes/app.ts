import { stamp } from '../state/world.ts';
import type { Account, World } from '../state/world.ts';
import { nodeId, simpleUser } from './user.ts';
import type { Json } from './user.ts';

/** Schema `integration`, as it stands in comments. */
export function integration(world: World): Json {
  return { ...integrationOfIssue(world), client_id: world.app.clientId };
}

/** The same as it stands in issues: their webhooks are described without `client_id`. */
export function integrationOfIssue(world: World): Json {
  const { app, links } = world;
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: simpleUser(links, app.owner),
    name: app.name,
    description: '',
    external_url: `${links.web}/apps/${app.slug}`,
    html_url: `${links.web}/apps/${app.slug}`,
    created_at: stamp(app.createdAt),
    updated_at: stamp(app.createdAt),
    permissions: app.manifest.default_permissions,
    events: app.manifest.default_events,
  };
}

/** Schema `integration`, as the App sees itself. */
export function ownIntegration(world: World): Json {
  return { ...integration(world), installations_count: world.installations.size };
}

/** Schema `installation`. `client_id` is left out: not every place that shows an installation knows it. */
export function installation(world: World, { id, owner }: { id: number; owner: Account }): Json {
  const { app, links } = world;
  const base = owner.type === 'Organization' ? `${links.web}/organizations/${owner.login}` : links.web;
  return {
    id,
    account: simpleUser(links, owner),
    repository_selection: 'selected',
    access_tokens_url: `${links.api}/app/installations/${id}/access_tokens`,
    repositories_url: `${links.api}/installation/repositories`,
    html_url: `${base}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: owner.id,
    target_type: owner.type,
    permissions: world.accepted.get(id) ?? app.manifest.default_permissions,
    events: app.manifest.default_events,
    created_at: stamp(app.createdAt),
    updated_at: stamp(app.createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: world.suspended.has(id) ? simpleUser(links, owner) : null,
    suspended_at: world.suspended.has(id) ? stamp(app.createdAt) : null,
  };
}
