import { z } from 'zod';
import { failureStatus, type GitHubRequest } from '../core/github-request.ts';
import { webhookPath } from '../intake/webhook.ts';
import { notLookedAt, ok, wrong, type DoctorCheck } from './doctor-check.ts';
import type { AppManifest } from './manifest.ts';

/** What the doctor asks GitHub as the App itself. Everything is read, nothing changed. */

const app = z.object({
  slug: z.string(),
  name: z.string(),
  html_url: z.url(),
  // An enterprise has no login.
  owner: z.object({ login: z.string().default(''), type: z.string().default('') }).nullish(),
  permissions: z.record(z.string(), z.string().optional()),
  events: z.array(z.string()),
});
type App = z.infer<typeof app>;

const installations = z.array(
  z.object({
    account: z.object({ login: z.string().default('') }).nullish(),
    html_url: z.string(),
    permissions: z.record(z.string(), z.string().optional()),
    suspended_at: z.string().nullish(),
  }),
);
type Installation = z.infer<typeof installations>[number];

const hookConfig = z.object({
  url: z.string().optional(),
  content_type: z.string().optional(),
  insecure_ssl: z.union([z.string(), z.number()]).optional(),
});

const deliveries = z.array(
  z.object({
    guid: z.string(),
    delivered_at: z.string(),
    status: z.string(),
    status_code: z.int(),
    event: z.string(),
  }),
);

/** Entries of a list that are read at most: one page. */
const pageSize = 100;

/** Looks at the App, its installations and its webhook. Never rejects. */
export async function checkGitHub(request: GitHubRequest, manifest: AppManifest): Promise<DoctorCheck[]> {
  let own: App;
  try {
    own = app.parse((await request('GET /app', {})).data);
  } catch (error) {
    return [appFailure(error)];
  }
  const [grants, installed, hook, recent] = await Promise.all([
    Promise.resolve(permissionCheck(own, manifest)),
    looked('installations', async () =>
      installationChecks(own, manifest, await list(request, 'GET /app/installations', installations)),
    ),
    looked('webhook', async () => [
      hookCheck(own, hookConfig.parse((await request('GET /app/hook/config', {})).data)),
    ]),
    looked('webhook', async () => [
      deliveryCheck(await list(request, 'GET /app/hook/deliveries', deliveries)),
    ]),
  ]);
  return [grants, ...installed, ...hook, ...recent];
}

async function list<Schema extends z.ZodType>(
  request: GitHubRequest,
  route: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  return schema.parse((await request(route, { per_page: pageSize })).data);
}

/** What fails is told beside the other checks. */
async function looked(
  about: DoctorCheck['about'],
  look: () => Promise<DoctorCheck[]>,
): Promise<DoctorCheck[]> {
  try {
    return await look();
  } catch (error) {
    return [
      wrong(
        about,
        `GitHub could not be asked: ${messageOf(error)}`,
        'Try again; if it stays, see https://www.githubstatus.com.',
      ),
    ];
  }
}

function appFailure(error: unknown): DoctorCheck {
  const status = failureStatus(error);
  if (status === 401 || status === 404) {
    return wrong(
      'github app',
      `GitHub does not know the App by APP_ID and its private key: ${messageOf(error)}`,
      "Compare APP_ID with the App ID on the App's settings page, generate a new private key there, and set PRIVATE_KEY_PATH to its file. The clock of this machine has to be right.",
    );
  }
  return wrong(
    'github app',
    `GitHub could not be asked: ${messageOf(error)}`,
    'Check the network, a proxy and GHE_HOST; see https://www.githubstatus.com.',
  );
}

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return `its answer does not fit (${error.issues[0]?.path.join('.') ?? ''})`;
  const status = failureStatus(error);
  const message = error instanceof Error ? error.message : String(error);
  return oneLine(status === null ? message : `${String(status)}: ${message}`);
}

function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
}

/** Settings of an App: of the person's, or of the organisation's that owns it. */
function settingsOf({ html_url: url, owner, slug }: App): string {
  const { origin } = new URL(url);
  const of = owner?.type === 'Organization' ? `/organizations/${owner.login}` : '';
  return `${origin}${of}/settings/apps/${slug}`;
}

const levels = ['read', 'write', 'admin'];

/** The permissions that are wanted and not held, as `issues: write`. */
function lacking(held: App['permissions'], wanted: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(wanted).flatMap(([name, level = 'read']) =>
    levels.indexOf(held[name] ?? '') < levels.indexOf(level) ? [`${name}: ${level}`] : [],
  );
}

function permissionCheck(own: App, manifest: AppManifest): DoctorCheck {
  const permissions = lacking(own.permissions, manifest.default_permissions);
  const events = manifest.default_events.filter((event) => !own.events.includes(event));
  if (permissions.length + events.length === 0) {
    return ok(
      'github app',
      `${oneLine(own.name)} (${own.slug}) has every permission and event that it needs`,
    );
  }
  const parts = [
    ...(permissions.length === 0 ? [] : [`the permissions ${permissions.join(', ')}`]),
    ...(events.length === 0 ? [] : [`the events ${events.join(', ')}`]),
  ];
  return wrong(
    'github app',
    `${oneLine(own.name)} (${own.slug}) lacks ${parts.join(' and ')}`,
    `Grant them at ${settingsOf(own)}/permissions, save, and accept the change in each installation.`,
  );
}

function installationChecks(own: App, manifest: AppManifest, all: readonly Installation[]): DoctorCheck[] {
  if (all.length === 0) {
    return [
      wrong(
        'installations',
        'the App is installed nowhere',
        `Install it on the repositories whose incidents it is to look after: ${own.html_url}/installations/new`,
      ),
    ];
  }
  const faults = all.flatMap((one) => installationFault(one, own, manifest) ?? []);
  const more = all.length === pageSize ? ', and perhaps more' : '';
  const names = all.slice(0, 5).map(nameOf).join(', ');
  const sound = all.length - faults.length;
  return [
    ...(sound === 0
      ? []
      : [
          ok(
            'installations',
            `${String(sound)} of ${String(all.length)}${more} work (${names}${all.length > 5 ? ', …' : ''})`,
          ),
        ]),
    ...faults.slice(0, 10),
  ];
}

function nameOf({ account }: Installation): string {
  return oneLine(account?.login || 'an account');
}

function installationFault(one: Installation, own: App, manifest: AppManifest): DoctorCheck | null {
  if (typeof one.suspended_at === 'string') {
    return wrong(
      'installations',
      `that of ${nameOf(one)} has been suspended since ${one.suspended_at}`,
      `Unsuspend it at ${one.html_url}.`,
    );
  }
  // What the App itself lacks is told with the App.
  const granted = Object.fromEntries(
    Object.entries(manifest.default_permissions).filter(
      ([name, level]) => lacking(own.permissions, { [name]: level }).length === 0,
    ),
  );
  const missing = lacking(one.permissions, granted);
  if (missing.length === 0) return null;
  return wrong(
    'installations',
    `that of ${nameOf(one)} has not accepted ${missing.join(', ')}`,
    `An owner of ${nameOf(one)} accepts the new permissions at ${one.html_url}.`,
  );
}

function hookCheck(
  own: App,
  { url, content_type: type, insecure_ssl: insecure }: z.infer<typeof hookConfig>,
): DoctorCheck {
  const at = `at ${settingsOf(own)}`;
  const parsed = url === undefined ? null : URL.parse(url);
  if (parsed === null) {
    return wrong(
      'webhook',
      'the App has no webhook address',
      `Set it ${at}: https://YOUR-HOST${webhookPath}, active, with the secret of WEBHOOK_SECRET.`,
    );
  }
  const shown = oneLine(`${parsed.origin}${parsed.pathname}`);
  const faults = [
    ...(parsed.hostname.endsWith('.example') || parsed.hostname === 'example.com'
      ? ['is the placeholder that the set-up wrote']
      : []),
    ...(parsed.pathname.replace(/\/$/, '') === webhookPath || isRelay(parsed)
      ? []
      : [`does not end in ${webhookPath}`]),
    ...(type === 'json' ? [] : [`is sent as ${oneLine(type ?? 'form')}, not as application/json`]),
    ...(String(insecure ?? '0') === '0' ? [] : ['is called without verification of its certificate']),
  ];
  if (faults.length === 0) return ok('webhook', `${shown}, JSON, certificate verified`);
  return wrong(
    'webhook',
    `${shown} ${faults.join(', and ')}`,
    `Set ${at}: the address https://YOUR-HOST${webhookPath}, content type application/json, SSL verification on.`,
  );
}

/** A relay such as smee.io has addresses of its own, and hands on to the right path. */
function isRelay({ hostname }: URL): boolean {
  return hostname === 'smee.io';
}

function deliveryCheck(all: z.infer<typeof deliveries>): DoctorCheck {
  const [last] = all;
  if (last === undefined) {
    return notLookedAt(
      'webhook',
      'no delivery yet: write a comment in a repository where the App is installed',
    );
  }
  // A delivery that was repeated with success is not lost.
  const arrived = new Set(all.filter(({ status_code: code }) => isSuccess(code)).map(({ guid }) => guid));
  const failed = new Set(all.map(({ guid }) => guid).filter((guid) => !arrived.has(guid)));
  const told = `of the last ${String(all.length)} deliveries ${String(failed.size)} did not arrive; the last one, ${oneLine(last.event)} at ${last.delivered_at}, got ${String(last.status_code)} ${oneLine(last.status)}`;
  if (isSuccess(last.status_code)) return ok('webhook', told);
  return wrong(
    'webhook',
    told,
    'Check that the server runs, that its address is reachable from the internet, and that WEBHOOK_SECRET is the one of the App. What did not arrive is asked for again by itself.',
  );
}

function isSuccess(code: number): boolean {
  return code >= 200 && code < 300;
}
