import { Document, isMap, isScalar, isSeq, stringify, type YAMLMap } from 'yaml';
import type { Found } from '../../collectors/discovery/found.ts';
import type { Proposal, ProposedComponent, ProposedSection } from './proposal.ts';

/** Longest list that stands on one line. */
const shortList = 100;

/** The text of a `.github/sitrep.yml`, with comments that say where each part came from and what to complete. */
export function configurationText(proposal: Proposal, found: Found): string {
  const { project, region } = found;
  const components = proposal.sections.flatMap((section) => section.components);
  const document = new Document({
    version: 1,
    environment: proposal.environment,
    google_cloud: { project, region },
    labels: { incident: ['incident'], severity: { P0: ['P0'], P1: ['P1'] } },
    components: Object.fromEntries(components.map(({ id, entry }) => [id, entry])),
    success_criteria: criteria(components),
    checkpoints: ['2h', '4h', '8h'],
  });
  document.commentBefore = opening(found);
  const root = mapOf(document.contents);
  above(root, 'environment', ["from the project's id; what /status calls it"], false);
  above(root, 'labels', ['Any of labels.incident on an issue makes it an incident']);
  above(root, 'components', ['What Sitrep reads, and what needs what. Take out what no user depends on']);
  above(root, 'success_criteria', [
    ...journey(components),
    'What has to hold before an incident is resolved',
  ]);
  above(root, 'checkpoints', ['When updates come by themselves, counted from the declaration']);
  describeComponents(mapOf(root.get('components', true)), proposal.sections, found);
  shortenLists(root);
  const text = document.toString({ lineWidth: 0, singleQuote: true });
  // The library pads lists as it pads maps; no name at Google holds a bracket.
  return text.replaceAll(/\[ (.*) \]$/gm, '[$1]');
}

function opening({ project, region }: Found): string {
  return [
    ` What Sitrep watches for this repository; sitrep init wrote it from what the project ${project} holds in ${region}.`,
    ' Look it over, complete what a comment asks for, and run: sitrep check',
    ' docs/configuration.md has every field.',
  ].join('\n');
}

function criteria(components: readonly ProposedComponent[]): Record<string, string>[] {
  const has = (type: string) => components.some(({ entry }) => entry.type === type);
  return [
    ...(has('http')
      ? [{ id: 'endpoints', title: 'All endpoints answer as they should', when: 'probes.all(p, p.ok)' }]
      : []),
    ...(has('cloud-run')
      ? [
          {
            id: 'stable',
            title: '30 minutes practically without errors',
            when: 'requests.count >= 30 && errors.share < 0.005',
            for: '30m',
          },
        ]
      : []),
  ];
}

/** A journey as a comment: what users need most is known to people alone. */
function journey(components: readonly ProposedComponent[]): string[] {
  const endpoints = components.filter(({ entry }) => entry.type === 'http');
  const services = components.filter(({ entry }) => entry.type === 'cloud-run');
  const steps = (endpoints.length > 0 ? endpoints : services).map(({ id }) => id);
  if (steps.length === 0) return [];
  const text = stringify(
    { journeys: { main: { title: 'What users do first', steps } } },
    { lineWidth: 0, collectionStyle: 'any' },
  );
  return [
    'A journey is blocked at its first step that fails. Put the steps in the order in which a user needs them:',
    ...text.trimEnd().split('\n'),
    '',
  ];
}

function describeComponents(map: YAMLMap, sections: readonly ProposedSection[], found: Found): void {
  let pending: string[] = [];
  let isFirst = true;
  for (const { heading, components, notes } of sections) {
    pending = [...pending, heading, ...notes];
    for (const [index, { id, comments }] of components.entries()) {
      const lines = index === 0 ? [...pending, ...comments] : comments;
      above(map, id, lines, index === 0 && !isFirst);
      isFirst = false;
      if (index === 0) pending = [];
    }
  }
  const missing = missingLines(found);
  if (missing.length > 0) map.comment = missing.map((line) => ` ${line}`).join('\n');
}

/** What could not be read, with what to do about it. */
export function missingLines({ missing, partial }: Pick<Found, 'missing' | 'partial'>): string[] {
  return [
    ...missing.map(
      ({ what, api, reason, detail, remedy }) =>
        `not read: ${what} (${api}, ${reason}: ${detail}); ${remedy}`,
    ),
    ...partial.map((what) => `not read to the end: ${what}; there are more than Sitrep lists`),
  ];
}

function above(map: YAMLMap, name: string, lines: readonly string[], isApart = true): void {
  const key = map.items.find((pair) => isScalar(pair.key) && pair.key.value === name)?.key;
  if (!isScalar(key)) return;
  if (lines.length > 0) key.commentBefore = lines.map((line) => (line === '' ? '' : ` ${line}`)).join('\n');
  key.spaceBefore = isApart;
}

function mapOf(node: unknown): YAMLMap {
  if (isMap(node)) return node;
  throw new Error('the document has no map where one was made');
}

/** Short lists and the innermost maps stand on one line. */
function shortenLists(node: unknown): boolean {
  if (!isMap(node) && !isSeq(node)) return true;
  const values: unknown[] = isMap(node) ? node.items.map(({ value }) => value) : node.items;
  const areFlat = values.map(shortenLists).every(Boolean);
  const isScalarList = values.every((value) => isScalar(value));
  const length = JSON.stringify(node).length;
  const isShort = isScalarList && length <= shortList && (isSeq(node) || values.length <= 2);
  node.flow = isShort && areFlat;
  return node.flow;
}
