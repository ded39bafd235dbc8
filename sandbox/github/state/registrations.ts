import { z } from 'zod';
import type { World } from './world.ts';

/**
 * Apps that are registered from a manifest, as the page "Registering a GitHub App from a manifest" of GitHub's
 * documentation has it: a person's browser posts the form, and GitHub sends it back with a code that is good for an hour
 * and for one conversion.
 */
export interface Registrations {
  /** What a person does with the form; gives the code. @throws Error in the words of GitHub's page where it is refused */
  register(manifest: string): string;
  /** The manifest of a code, once; null where the code is unknown, used or an hour old. */
  take(code: string): RegisteredManifest | null;
}

const lifetimeMs = 3_600_000;

/** A host that GitHub would not send webhooks to (docs.github.com, "Creating webhooks"). */
const unreachable = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|10\.|192\.168\.)/;

const address = z.url({ protocol: /^https?$/ });
const level = z.enum(['read', 'write', 'admin']);

const manifestSchema = z.strictObject({
  name: z.string().min(1).max(34, 'Name is too long (maximum is 34 characters)'),
  url: address,
  hook_attributes: z
    .strictObject({ url: address, active: z.boolean().default(true) })
    .refine(({ url }) => !unreachable.test(new URL(url).host), {
      message: "Hook url is not supported because it isn't reachable over the public Internet (localhost)",
    })
    .optional(),
  redirect_url: address,
  callback_urls: z.array(address).max(10).optional(),
  setup_url: address.optional(),
  description: z.string().optional(),
  public: z.boolean().default(false),
  default_events: z.array(z.string()).default([]),
  default_permissions: z.record(z.string(), level).default({}),
  request_oauth_on_install: z.boolean().optional(),
  setup_on_update: z.boolean().optional(),
  // Probot writes it; GitHub does not name it and takes it.
  version: z.literal('v1').optional(),
});

export type RegisteredManifest = z.infer<typeof manifestSchema>;

export function createRegistrations({
  machine,
  random,
}: {
  machine: World['machine'];
  random: () => string;
}): Registrations {
  const waiting = new Map<string, { manifest: RegisteredManifest; until: number }>();
  return {
    register(text) {
      const parsed = manifestSchema.safeParse(JSON.parse(text));
      if (!parsed.success) throw new Error(`GitHub refuses the manifest: ${z.prettifyError(parsed.error)}`);
      const code = random().replaceAll('-', '');
      waiting.set(code, { manifest: parsed.data, until: machine() + lifetimeMs });
      return code;
    },
    take(code) {
      const found = waiting.get(code);
      waiting.delete(code);
      return found !== undefined && machine() < found.until ? found.manifest : null;
    },
  };
}
