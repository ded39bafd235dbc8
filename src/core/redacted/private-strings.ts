import type { Component, Configuration } from '../../config/repository.schema.ts';
import { causeIds } from '../causes.ts';
import type { Snapshot } from '../snapshot.ts';

/**
 * Names and addresses that a snapshot and its configuration hold and that no public update may repeat: projects, resources,
 * revisions, hosts, addresses, settings, words of logs that look like such. Plain words and bare numbers are not among
 * them: an update needs both. The longest come first.
 *
 * @param open Words that everybody knows: owner and name of the repository.
 */
export function privateStrings(
  snapshot: Pick<Snapshot, 'observations' | 'gaps' | 'changes' | 'series'>,
  configuration: Configuration,
  open: readonly string[],
): string[] {
  const known = [...openWords(configuration), ...open.map((word) => word.toLowerCase())];
  const found = new Set([...ofSnapshot(snapshot), ...ofConfiguration(configuration)].flatMap(tokensIn));
  return [...found]
    .filter((token) => isDistinctive(token) && !known.some((word) => word.includes(token.toLowerCase())))
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** What GitHub says of the repository itself everybody can read there. */
const readByAll = 'api.github.com';

function ofSnapshot({
  observations,
  gaps,
  changes,
  series = [],
}: Pick<Snapshot, 'observations' | 'gaps' | 'changes' | 'series'>): string[] {
  const sources = [...observations, ...gaps, ...changes, ...series]
    .map(({ source }) => source)
    .filter(({ api }) => api !== readByAll)
    .flatMap(({ query, console, command }) => [query, console ?? '', command ?? '']);
  const read = observations
    .filter(({ source }) => source.api !== readByAll)
    .flatMap(({ value, text, frame, revision }) => [value, text ?? '', frame ?? '', revision ?? '']);
  const changed = changes
    .filter(({ source }) => source.api !== readByAll)
    .flatMap(({ revision, previousRevision, diff, title, by }) => [
      revision ?? '',
      previousRevision ?? '',
      title ?? '',
      by ?? '',
      ...diff.flatMap(({ from, to }) => [from ?? '', to ?? '']),
    ]);
  return [...sources, ...read, ...changed, ...gaps.flatMap(({ detail, remedy }) => [detail, remedy])];
}

function ofConfiguration({
  google_cloud: place,
  components,
  plan,
  success_criteria,
  escalation,
}: Configuration) {
  return [
    place?.project ?? '',
    ...Object.values(components).flatMap(namesOf),
    ...plan.flatMap(({ actions }) => actions.flatMap(({ run }) => run ?? [])),
    ...[...success_criteria, ...escalation].map(({ when }) => when),
  ];
}

/** All texts of a component but for its id, its title and its edges. */
function namesOf(component: Component): string[] {
  const open = new Set(['title', 'depends_on', 'via', 'owner']);
  return Object.entries(component).flatMap(([key, value]) => (open.has(key) ? [] : textsIn(value)));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** A text whole and in its parts: of a path its segments, of an address its host. */
function tokensIn(text: string): string[] {
  return text
    .split(/[\s"'`<>()[\]{},;=|&?#]+/u)
    .flatMap((word) => [trimmed(word), ...word.split(/[/:@]+/u).map(trimmed)]);
}

function trimmed(word: string): string {
  return word.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}

const fewestSigns = 6;
const longestToken = 300;
const instant = /^\d{4}-\d\d-\d\dT/;
const address = /^(?:\d{1,3}\.){3}\d{1,3}$|^[0-9a-f]*:[0-9a-f:]+$/i;

/** Whether a token is a name or an address rather than a word or a number. */
function isDistinctive(token: string): boolean {
  if (address.test(token)) return true;
  if (token.length < fewestSigns || token.length > longestToken || instant.test(token)) return false;
  return /\p{L}/u.test(token) && /[\d._/:@-]/u.test(token);
}

/** What the repository's own file calls things, and words of ours that look like names. */
function openWords(configuration: Configuration): string[] {
  const { components, journeys, contacts, labels, success_criteria, escalation, plan } = configuration;
  const titles = [
    ...Object.values(components).flatMap(({ title }) => title ?? []),
    ...textsIn({ journeys, contacts, labels: { ...labels, apply: labels.apply.map(({ label }) => label) } }),
    ...[...success_criteria, ...escalation].flatMap(({ id, title }) => [id, title]),
    ...plan.flatMap(({ phase, window = '', actions }) => [
      phase,
      window,
      ...actions.map(({ title }) => title),
    ]),
    ...textsIn([configuration.prevention, configuration.impact?.statement ?? '', configuration.postmortem]),
  ];
  const ids = [...Object.keys(components), ...Object.keys(journeys), ...Object.keys(contacts)];
  return [...ids, ...titles, ...causeIds, ...ownWords].map((word) => word.toLowerCase());
}

/** Parts of commands and names of files that updates of ours show. */
const ownWords = [
  '.github/sitrep.yml',
  'sitrep.policy.yml',
  '/sitrep not-regression',
  '--override',
  'cloud-run',
  'cloud-sql',
  'vpc-connector',
  'load-balancer',
  'google-region',
  'terraform-state',
  'log-filter',
];
