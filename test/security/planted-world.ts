import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import type { Scenario } from '../../sandbox/scenario/schema.ts';
import type { Random } from '../faults/random.ts';
import { plantedSecrets, type PlantedSecret } from './secret-kinds.ts';

/** An outage in which secrets stand wherever a text comes from. */
export interface PlantedWorld {
  /** A directory with the scenario. */
  dir: string;
  /** All that were put somewhere, by place and kind. */
  secrets: { name: string; secret: string }[];
  /** One of each kind, as one line, for a place; they are noted as put there. */
  take(place: string): PlantedSecret[];
}

/** Longest lines that GitHub takes as labels and titles. */
const short = ({ text }: PlantedSecret, length: number): boolean => text.length <= length;

/** Plants one of each kind of secret in each place of a scenario and its configuration; writes it into the directory. */
export async function plantWorld(dir: string, random: Random): Promise<PlantedWorld> {
  const secrets: PlantedWorld['secrets'] = [];
  const take = (place: string): PlantedSecret[] => {
    const planted = plantedSecrets(random.fork()).map((one) => ({
      ...one,
      text: one.text.replaceAll('\n', ' '),
    }));
    secrets.push(...planted.map(({ kind, secret }) => ({ name: `${kind} in ${place}`, secret })));
    return planted;
  };
  const loaded = await loadScenario('connector-saturated');
  const scenario = plant(loaded.scenario, take);
  const configuration = configured(loaded.configuration, take);
  await writeFile(join(dir, 'scenario.yml'), stringify(scenario, { aliasDuplicateObjects: false }));
  await writeFile(join(dir, 'sitrep.yml'), configuration);
  return { dir, secrets, take };
}

type Take = PlantedWorld['take'];

const texts = (planted: readonly PlantedSecret[]): string[] => planted.map(({ text }) => text);

function plant(scenario: Scenario, take: Take): Scenario {
  const at = '2025-09-15T17:40:00Z';
  const said = scenario.google.logs[0]?.entry ?? {};
  const entry = (payload: object) => ({ at, entry: { ...said, textPayload: undefined, ...payload } });
  const comments = texts(take('a comment on the issue')).map((body) => ({
    by: 'bob',
    at: '2025-09-15T18:03:00Z',
    body: `I see ${body}`,
  }));
  const title = (text: string, place: string) =>
    `${text} ${texts(take(place).filter((one) => short(one, 60)))
      .slice(0, 2)
      .join(' ')}`;
  return {
    ...scenario,
    issues: scenario.issues.map((issue) => ({
      ...issue,
      title: title(issue.title, 'the title of an issue'),
      body: `${issue.body}\n\n\`\`\`\n${texts(take('the text of an issue')).join('\n')}\n\`\`\``,
      comments: issue.number === scenario.focus ? [...issue.comments, ...comments] : issue.comments,
    })),
    commits: scenario.commits.map((commit, place) => ({
      ...commit,
      message: `${commit.message} ${texts(take('the message of a commit'))
        .slice(place * 9, place * 9 + 9)
        .join(' ')}`,
    })),
    pull_requests: scenario.pull_requests.map((pull) => ({
      ...pull,
      title: title(pull.title, 'the title of a pull request'),
    })),
    endpoints: scenario.endpoints.map((endpoint) => ({ ...endpoint, states: statesOf(endpoint, take) })),
    google: {
      ...scenario.google,
      resources: scenario.google.resources.map((resource) => ({
        ...resource,
        states: resource.states.map((state) => ({
          ...state,
          body: changed(state.body, take),
          ...(state.content === undefined ? {} : { content: changed(state.content, take) }),
        })),
      })),
      logs: [
        ...scenario.google.logs.map(({ entry: one, ...when }) => ({ ...when, entry: one })),
        ...texts(take('a line of the log')).map((text) => entry({ textPayload: `failed: ${text}` })),
        ...texts(take('a field of a structured line')).map((message) => entry({ jsonPayload: { message } })),
        ...texts(take('another field of a structured line')).map((detail) =>
          entry({ jsonPayload: { event: 'failed', detail } }),
        ),
      ],
    },
    script: [{ comment: { by: 'carol', issue: scenario.focus, body: '/status' } }, { advance: '2m' }],
  };
}

type States = Scenario['endpoints'][number]['states'];

function statesOf({ url }: Scenario['endpoints'][number], take: Take): States {
  const shared = { latency_ms: 50, body: '', headers: {} };
  const told = take(`an answer of ${new URL(url).host}`);
  const access = told.find(({ kind }) => kind === 'password in an address')?.text ?? '';
  if (url.startsWith('ws')) {
    const reason = texts(told.filter((one) => one.byForm && short(one, 110)))[0] ?? '';
    return [{ ...shared, status: 101, message: texts(told).join(' '), close: { code: 1011, reason } }];
  }
  return [
    {
      ...shared,
      status: 302,
      body: texts(told).join('\n'),
      headers: { location: access, 'x-told': texts(told.filter((one) => short(one, 80))).join(' ') },
    },
  ];
}

const list = z.array(z.unknown());
const condition = z.looseObject({ type: z.string() });

/** A resource with secrets in its settings, conditions, flags and errors. */
function changed(body: Record<string, unknown>, take: Take): Record<string, unknown> {
  const planted: unknown = JSON.parse(JSON.stringify(body), (key, value: unknown) => {
    const items = list.safeParse(value).data;
    if (items === undefined) return value;
    switch (key) {
      case 'env':
        return [
          ...items,
          ...take('a setting').map(({ text }, place) => ({ name: `NOTE_${String(place)}`, value: text })),
          ...take('a setting that is called so').map(({ secret }, place) => ({
            name: `SERVICE_${String(place)}_PASSWORD`,
            value: secret,
          })),
        ];
      case 'conditions':
        return items.map((one) =>
          condition.parse(one).type === 'Ready'
            ? {
                ...condition.parse(one),
                state: 'CONDITION_FAILED',
                reason: 'REVISION_FAILED',
                message: texts(take('a condition')).join(' '),
              }
            : one,
        );
      case 'databaseFlags':
      case 'database_flags':
        return [
          ...items,
          ...take('a flag of the database').map(({ text }, place) => ({
            name: `note_${String(place)}`,
            value: text,
          })),
        ];
      default:
        return value;
    }
  });
  return z.record(z.string(), z.unknown()).parse(planted);
}

const file = z.looseObject({
  components: z.record(z.string(), z.unknown()),
  plan: z.array(z.looseObject({ actions: z.array(z.looseObject({ title: z.string() })) })),
  prevention: z.array(z.looseObject({ title: z.string() })),
  success_criteria: z.array(z.looseObject({ title: z.string() })),
  contacts: z.record(z.string(), z.looseObject({ name: z.string() })),
});

function configured(text: string, take: Take): string {
  const given = file.parse(parse(text));
  const one = (place: string) =>
    texts(take(place).filter((planted) => short(planted, 120)))
      .slice(0, 3)
      .join(' ');
  return stringify({
    ...given,
    impact: {
      statement: `nobody can chat ${texts(take('the impact of the configuration')).slice(0, 8).join(' ').slice(0, 470)}`,
    },
    components: {
      ...given.components,
      noise: {
        type: 'log-filter',
        failing: { above: 100 },
        filter: `textPayload:"${take('a filter of the configuration').find(({ kind }) => kind === 'password=')?.text ?? ''}"`,
      },
    },
    plan: given.plan.map((phase) => ({
      ...phase,
      actions: phase.actions.map((action) => ({
        ...action,
        title: `${action.title} ${one('an action of the configuration')}`,
      })),
    })),
    prevention: given.prevention.map((item) => ({
      ...item,
      title: `${item.title} ${one('a prevention of the configuration')}`,
    })),
    success_criteria: given.success_criteria.map((item) => ({
      ...item,
      title: `${item.title} ${one('a criterion')}`,
    })),
    contacts: Object.fromEntries(
      Object.entries(given.contacts).map(([name, contact]) => [
        name,
        { ...contact, name: `${contact.name} ${one('a contact')}` },
      ]),
    ),
  });
}
