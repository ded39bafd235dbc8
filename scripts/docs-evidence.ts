import type { Collector } from '../src/collectors/collector.ts';
import { collectors } from '../src/collectors/list.ts';

/** `docs/evidence.md`: every observation with its API, role and an example, from the collectors themselves. */
export function evidencePage(): string {
  return [
    '# Evidence',
    '',
    'Everything that Sitrep reads, and what it may say of it. This page is derived from the collectors.',
    '',
    'Each observation carries its value, unit, window, API, method, query, the time it was read, a console link and a',
    'command that reads the same. What could not be read is a gap with a reason and a remedy; nothing that came back',
    'empty is shown as a zero.',
    '',
    'Metrics come late: those of Cloud Run and of connectors some 2 minutes, those of Cloud SQL up to 165 s. An update says',
    'up to which minute they reach. A metric is read over the window and over the one before it, under the same name. A',
    'count that a page cap cut short, or whose counter restarted, is marked partial and shown as "at least".',
    '',
    '## Roles',
    '',
    'The identity that Sitrep runs as needs these roles on each project that it reads, and no other:',
    '',
    '```sh',
    ...roles('project').map(
      (role) => `gcloud projects add-iam-policy-binding PROJECT --member=${member} --role=${role}`,
    ),
    '```',
    '',
    'For a Terraform state, on its bucket only:',
    '',
    '```sh',
    ...roles('bucket').map(
      (role) => `gcloud storage buckets add-iam-policy-binding gs://BUCKET --member=${member} --role=${role}`,
    ),
    '```',
    '',
    'Of GitHub it reads the repository that it works for, with the permissions that `app.yml` asks for; no grant of the',
    "operator is needed, since the App is installed there. Changes count from 24 hours before the reading's end, and at",
    'least from 2 hours before the incident was declared. All of it is one request; `sitrep collect` makes it with `--repo`',
    'only, and without that nothing of GitHub is missing.',
    '',
    ...collectors.flatMap(section),
  ].join('\n');
}

const member = 'serviceAccount:SITREP@PROJECT.iam.gserviceaccount.com';

function roles(on: 'project' | 'bucket'): string[] {
  const needed = collectors.flatMap((collector) =>
    collector.kind === 'google' && (collector.roleOn ?? 'project') === on ? [collector.role] : [],
  );
  return [...new Set(needed)].sort((a, b) => a.localeCompare(b));
}

/** What else it reads, in a sentence; nothing for most. */
function besides(collector: Collector): string {
  if (collector.kind !== 'google') return '';
  const { fallback, comparesWith = [] } = collector;
  return [
    ...(fallback === undefined ? [] : [` Where that fails, \`${fallback}\` is read, without a token.`]),
    ...(comparesWith.length === 0
      ? []
      : [
          ` What it gives hangs on answers of ${comparesWith.map((api) => `\`${api}\``).join(', ')} as well.`,
        ]),
  ].join('');
}

function section(collector: Collector): string[] {
  const { name, api, role, types, signals } = collector;
  if (types.length === 0)
    return written(name, `For the repository: reads \`${api}\` with \`${role ?? ''}\`.`, signals);
  const asks = role === null ? 'asks the endpoint itself' : `reads \`${api}\` under \`${role}\``;
  const of = types.map((type) => `\`${type}\``).join(', ');
  return written(name, `For ${of}: ${asks}.${besides(collector)}`, signals);
}

function written(name: string, reads: string, signals: Collector['signals']): string[] {
  return [
    `## ${name}`,
    '',
    reads,
    '',
    '| signal | unit | example | meaning |',
    '| --- | --- | --- | --- |',
    ...signals.map(
      ({ signal, unit, example, meaning }) =>
        `| \`${signal}\` | ${unit ?? ''} | ${example === '' ? '' : `\`${example}\``} | ${meaning} |`,
    ),
    '',
  ];
}
