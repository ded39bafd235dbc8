import type { Handler } from '../call.ts';
import { notFound } from '../errors.ts';
import { integration } from '../shapes/app.ts';

/** The credentials of an App that was registered from a manifest: the stand-in's one App is what the manifest asked for. */
export const convertManifest: Handler = ({ world, hook, path, registrations, clientSecret }) => {
  const manifest = registrations.take(path['code'] ?? '');
  if (manifest === null) throw notFound();
  const { app } = world;
  app.manifest = manifest;
  if (manifest.hook_attributes?.active === true) hook.url = manifest.hook_attributes.url;
  return {
    status: 201,
    body: {
      ...integration(world),
      client_secret: clientSecret(),
      webhook_secret: manifest.hook_attributes === undefined ? null : app.webhookSecret,
      pem: app.privateKey,
    },
  };
};
