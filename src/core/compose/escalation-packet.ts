import { causes, isCauseId } from '../causes.ts';
import { atLeast, dateTime, figure } from '../figures.ts';
import { stateOf } from '../incident/state.ts';
import { compareIds, numberOf, sortedIds, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { fence, type Fence } from '../text.ts';
import { componentsIn, type Facts, readingOf } from './facts.ts';
import { findingOf } from './findings.ts';
import { firstFailure } from './onset.ts';
import { resourceName } from './resource-names.ts';

/** The packet that a provider's support asks for: one text to be copied as it is. Every figure has its evidence id. */

/** Lines of each part at most, and characters of a line: the whole stays below what a fence may hold. */
const most = { resources: 12, errors: 4, limits: 8, tried: 8, refuted: 5, links: 5 };
const longestLine = 220;

/** Figures beside what limits them, both of one component. */
const limited: readonly (readonly [figure: string, limit: string])[] = [
  [signal.instances, signal.instancesMax],
  [signal.activeInstances, signal.scalingMax],
  [signal.backends, `${signal.flag}max_connections`],
  [signal.backends, signal.defaultConnections],
];
/** Shares of what there is, in per cent. */
const shares: readonly string[] = [signal.cpu, signal.memory, signal.disk];
/** From this part of a limit on a figure counts as being at it. */
const atLimit = 0.9;

/** The packet for one addressee. */
export function escalationPacket(facts: Facts, to: string): Fence {
  const { incident } = facts.snapshot;
  const place = facts.configuration.google_cloud;
  const parts = [
    [
      `To: ${line(to)}`,
      `Subject: ${incident?.severity ?? 'Incident'} in ${facts.configuration.environment}: ${line(incident?.title ?? '')}`,
      ...(place === undefined ? [] : [`Project: ${place.project}, region: ${place.region}`]),
      ...(incident ? [`Issue: ${incident.url}`] : []),
    ],
    part('Times (UTC)', timesOf(facts)),
    part('Resources', resourcesOf(facts)),
    part('Cause as far as it is known', causeOf(facts)),
    part('Figures at their limit', limitsOf(facts)),
    part('Errors', errorsOf(facts)),
    part('Tried', triedOf(facts)),
    part('Ruled out', refutedOf(facts)),
    part('Question', questionsOf(facts)),
    part('Links', linksOf(facts)),
  ];
  const text = parts.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return fence('text', text.join('\n\n'));
}

/** All evidence ids that a packet names. */
export function idsInPacket({ text }: Fence): string[] {
  return sortedIds([...text.matchAll(/(?<![\w-])E[1-9]\d*(?![\w-])/g)].map(([id]) => id));
}

function part(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${heading}:`, ...lines.map((one) => `- ${line(one)}`)];
}

/** One line, however many the text had; of what is too long the beginning. */
function line(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length <= longestLine ? flat : `${flat.slice(0, longestLine - 1)}…`;
}

function cited(ids: readonly string[]): string {
  const shown = sortedIds(ids).slice(0, 4);
  return shown.length === 0 ? '' : ` (${shown.join(', ')})`;
}

function timesOf(facts: Facts): string[] {
  const { snapshot } = facts;
  const began = firstFailure(facts, componentsIn(facts, 'failing'));
  const words = began?.began === true ? 'began' : 'began at or before';
  return [
    ...(began === null ? [] : [`${words} ${dateTime(began.at)}${cited(began.evidence)}`]),
    ...(snapshot.incident ? [`declared ${dateTime(snapshot.incident.declaredAt)}`] : []),
    `read ${dateTime(snapshot.takenAt)}; figures of ${dateTime(snapshot.window.from)} to ${dateTime(snapshot.window.to)}`,
  ];
}

/** Those that fail first, then what they hang on. */
function resourcesOf(facts: Facts): string[] {
  const order = ['failing', 'degraded', 'unknown', 'healthy'];
  const { components, google_cloud: place } = facts.configuration;
  const named = Object.entries(components).flatMap(([id, component]) => {
    const name = facts.redacted === undefined ? resourceName(component, place) : id;
    return name === null ? [] : [{ id, name, reading: readingOf(facts, id) }];
  });
  const sorted = named.toSorted((a, b) => order.indexOf(a.reading.state) - order.indexOf(b.reading.state));
  const rest = sorted.length - most.resources;
  return [
    ...sorted
      .slice(0, most.resources)
      .map(
        ({ name, reading }) =>
          `${reading.state}: ${name}${reading.why === '' ? '' : `, ${plainWords(reading.why)}`}${cited(reading.evidence)}`,
      ),
    ...(rest > 0 ? [`and ${String(rest)} more`] : []),
  ];
}

function causeOf({ diagnosis }: Facts): string[] {
  const { root } = diagnosis;
  if (root.cause === 'unknown' || root.verdict === 'unknown') return ['not known'];
  const found = findingOf(diagnosis, root);
  const words = isCauseId(root.cause) ? causes[root.cause] : root.cause;
  const said = found?.summary ?? found?.mechanism ?? '';
  const more = said === words ? `: ${root.component}` : `: ${plainWords(said)}`;
  return [`${root.verdict}: ${words}${more}${cited(found?.evidence ?? [])}`];
}

/** Code spans mean nothing in a text that is copied. */
function plainWords(text: string): string {
  return text.replaceAll('`', '');
}

function limitsOf({ snapshot: { observations }, configuration }: Facts): string[] {
  const of = (component: string, name: string): Observation[] =>
    observations.filter((found) => found.component === component && found.signal === name);
  const found = Object.keys(configuration.components).flatMap((id) => [
    ...limited.flatMap(([name, limit]) =>
      of(id, name).flatMap((value) => {
        const bound = of(id, limit).find(({ revision }) => revision === value.revision);
        return bound !== undefined && reaches(value, numberOf(bound))
          ? [`${id} ${name} ${value.value} of ${bound.value}${cited([value.id, bound.id])}`]
          : [];
      }),
    ),
    ...shares.flatMap((name) =>
      of(id, name).flatMap((value) =>
        value.unit === '%' && reaches(value, 100)
          ? [`${id} ${name} ${figure(value.value, value.unit)}${cited([value.id])}`]
          : [],
      ),
    ),
  ]);
  return found.slice(0, most.limits);
}

function reaches(found: Observation, limit: number | null): boolean {
  const value = numberOf(found);
  return value !== null && limit !== null && limit > 0 && value >= limit * atLimit;
}

function errorsOf({ snapshot: { observations } }: Facts): string[] {
  const lines = observations.filter((found) => found.signal === signal.logError && found.text !== undefined);
  const groups = [...Map.groupBy(lines, ({ id, signature }) => signature ?? id).values()].map((group) => ({
    group: group.toSorted((a, b) => compareIds(a.id, b.id)),
    count: sumOf(group) ?? 0,
  }));
  return groups
    .toSorted((a, b) => b.count - a.count || compareIds(a.group[0]?.id ?? '', b.group[0]?.id ?? ''))
    .slice(0, most.errors)
    .map(({ group, count }) => {
      const cut = group.some(({ partial }) => partial);
      const first = group.flatMap((found) => found.first ?? []).toSorted()[0];
      const last = group
        .flatMap((found) => found.last ?? [])
        .toSorted()
        .at(-1);
      const times =
        first === undefined || last === undefined
          ? ''
          : `, ${cut ? 'by ' : ''}${dateTime(first)} to ${dateTime(last)}`;
      const where = [...new Set(group.map(({ component }) => component))].slice(0, 3).join(', ');
      const head = `${atLeast(String(count), cut)} times in ${where}${times}${cited(group.map(({ id }) => id))}: `;
      return `${head}${group[0]?.text ?? ''}`;
    });
}

/** What people did and noted, the newest first. */
function triedOf({ snapshot }: Facts): string[] {
  const { actions, notes } = stateOf(snapshot.record ?? []);
  const done = actions.flatMap(({ title, done: one }) =>
    one === null ? [] : [{ at: one.at, text: `done ${dateTime(one.at)} by ${one.by}: ${title}` }],
  );
  const noted = notes.map(({ at, by, text }) => ({ at, text: `noted ${dateTime(at)} by ${by}: ${text}` }));
  return [...done, ...noted]
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, most.tried)
    .map(({ text }) => text);
}

function refutedOf({ diagnosis }: Facts): string[] {
  return diagnosis.alternatives
    .filter(({ verdict, decidedBy }) => verdict === 'refuted' && decidedBy.length > 0)
    .slice(0, most.refuted)
    .map(
      ({ cause, component, why, decidedBy }) =>
        `${cause} of ${component}${why === '' ? '' : `: ${plainWords(why)}`}${cited(decidedBy)}`,
    );
}

function questionsOf(facts: Facts): string[] {
  const { diagnosis, configuration } = facts;
  const { components, google_cloud: place } = configuration;
  const id = diagnosis.root.component;
  const component = Object.hasOwn(components, id) ? components[id] : undefined;
  const name =
    component === undefined || facts.redacted !== undefined ? null : resourceName(component, place);
  const about = name ?? place?.project ?? configuration.environment;
  return [
    `Is anything wrong on your side with ${about} since the time above, and what would restore it?`,
    ...diagnosis.missing.slice(0, 2).map(({ wouldDecide }) => `Can you tell: ${plainWords(wouldDecide)}?`),
  ];
}

/** Pages at the provider of what the cause rests on. */
function linksOf({ snapshot, diagnosis }: Facts): string[] {
  const evidence = new Set(findingOf(diagnosis, diagnosis.root)?.evidence ?? []);
  const all = snapshot.observations.filter(({ source }) => source.api !== 'api.github.com');
  const ranked = [...all.filter(({ id }) => evidence.has(id)), ...all];
  return [...new Set(ranked.flatMap(({ source }) => source.console ?? []))]
    .filter((href) => href.length <= longestLine)
    .slice(0, most.links);
}
