import { createHmac, randomUUID } from 'node:crypto';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import type { People } from '../../sandbox/github/types.ts';
import { webhookPath } from '../../src/intake/webhook.ts';
import { openPlay, type Play } from '../app/play.ts';

/**
 * Two customers of one App whose names are equal: the first gave its repository another name, and somebody else took the
 * old one. Owner, repository, issue numbers, logins, components and projects are the same; only GitHub's ids differ.
 * What is the first's says ALPHA, what is the second's BRAVO.
 */
export interface Tenants {
  play: Play;
  first: Tenant;
  second: Tenant;
}

export interface Tenant {
  installationId: number;
  repositoryId: number;
  people: People;
  /** Writes a comment on issue 13 and waits until all is done; gives what came of it. */
  say(by: string, body: string): Promise<string[]>;
}

const scenarioName = 'crash-on-start';
/** The one issue of the scenario. */
export const issue = 13;

const configuration = (mark: string, more = ''): string => `version: 1
environment: staging
google_cloud: { project: shop-staging, region: europe-west1 }
labels: { incident: [incident] }
components:
  checkout: { type: cloud-run, service: checkout }
${more}journeys:
  buy: { title: ${mark} journey, steps: [checkout] }
contacts:
  infra: { name: ${mark} team, assign: [alice], role: primary }
success_criteria:
  - { id: endpoints, title: ${mark} criterion, when: "components['checkout'].healthy" }
`;

/** Opens both, one after the other, as it happens: the second comes when the first has an incident. Close the play. */
export async function openTenants(databaseUrl: string): Promise<Tenants> {
  const play = await openPlay({
    scenario: scenarioName,
    databaseUrl,
    configuration: configuration('ALPHA'),
    change: ({ issues }) => {
      for (const one of issues) one.title = 'ALPHA checkout answers 503';
    },
  });
  const { github } = play;
  github.putFile('.github/sitrep/templates/brief.hbs', 'ALPHA template {{headline}}\n');
  github.setRole('mallory', 'read');
  const first = await tenantOf(play, github.app.installationId, github);
  await first.say('bob', '/sitrep declare P1');
  await first.say('bob', '/sitrep note the ALPHA database is fine');
  await first.say('carol', '/status');
  await first.say('carol', '/sitrep brief');
  await first.say('mallory', '/status');
  play.clock.advance(60_000);
  await play.rest();

  github.moveRepository({ name: 'shop-before' });
  const { scenario } = await loadScenario(scenarioName);
  const other = structuredClone(scenario);
  for (const one of other.issues) one.title = 'BRAVO checkout answers 503';
  const web = `  web: { type: http, url: 'https://checkout.shop.example/health', depends_on: [checkout] }\n`;
  const installationId = github.install(other, { '.github/sitrep.yml': configuration('BRAVO', web) });
  const second = await tenantOf(play, installationId, github.peopleOf(installationId));
  second.people.setRole('mallory', 'read');
  return { play, first, second };
}

async function tenantOf(play: Play, installationId: number, people: People): Promise<Tenant> {
  return {
    installationId,
    repositoryId: await repositoryIdOf(people),
    people,
    async say(by, body) {
      const before = people.thread(issue).length;
      await people.comment(by, issue, body);
      await play.rest();
      return people
        .thread(issue)
        .slice(before)
        .flatMap((comment) => (comment.bot ? [comment.body] : []));
    },
  };
}

/** A comment of somebody without a command has no effect, and its webhook tells the repository's id. */
async function repositoryIdOf(people: People): Promise<number> {
  const { delivery } = await people.comment('carol', issue, 'Looking at it.');
  const { repository } = delivery?.payload ?? {};
  if (typeof repository === 'object' && repository !== null && 'id' in repository)
    if (typeof repository.id === 'number') return repository.id;
  throw new Error('the webhook names no repository');
}

/** Sends a webhook of the App as GitHub signs it; gives the answer's status when all that it caused is done. */
export async function tell(
  { play }: Pick<Tenants, 'play'>,
  event: string,
  payload: object,
  guid: string = randomUUID(),
): Promise<number> {
  const body = JSON.stringify(payload);
  const signature = createHmac('sha256', play.github.app.webhookSecret).update(body).digest('hex');
  const { status } = await fetch(`${play.app.url}${webhookPath}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': guid,
      'x-hub-signature-256': `sha256=${signature}`,
    },
  });
  await play.rest();
  return status;
}

/** The payload of `installation.*` (docs.github.com, "Webhook events and payloads"). */
export function installationPayload(action: string, id: number): object {
  return {
    action,
    installation: { id, account: { login: 'acme', type: 'Organization' }, app_id: 1, events: ['issues'] },
    repositories: [{ id: 1, name: 'shop', full_name: 'acme/shop', private: true }],
    sender: { login: 'alice', type: 'User' },
  };
}
