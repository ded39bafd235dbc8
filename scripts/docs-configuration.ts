import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { jsonSchemaOf, schemaTree } from '../src/config/json-schema.ts';
import type { SchemaNode } from '../src/config/json-schema.ts';
import { readQuotas, readsPerMinute } from '../src/collectors/read-quotas.ts';
import { policySchema } from '../src/config/policy.schema.ts';
import { repositorySchema } from '../src/config/repository.schema.ts';
import { variables } from '../src/config/variables.ts';
import type { Variable } from '../src/config/variables.ts';
import { causes } from '../src/core/causes.ts';
import { celFunctions, celLimits, celNames } from '../src/core/criteria/names.ts';
import type { Field } from '../src/core/criteria/names.ts';

/**
 * Writes `docs/configuration.md` and `sitrep.schema.json` from the schemas and tables of the code:
 * `node scripts/docs-configuration.ts`.
 */

const root = new URL('../', import.meta.url);

/** The content of `sitrep.schema.json`: the JSON Schema of a repository's configuration, as editors use it. */
export function schemaFile(): string {
  const schema = {
    ...jsonSchemaOf(repositorySchema),
    $id: 'sitrep.schema.json',
    title: 'Configuration of Sitrep: .github/sitrep.yml',
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The content of `docs/configuration.md`, given the example that it shows. */
export async function configurationPage(example: string): Promise<string> {
  const options = await resolveConfig(new URL('docs/configuration.md', root));
  return format(pageOf(example), { ...options, parser: 'markdown' });
}

function pageOf(example: string): string {
  const file = schemaTree(repositorySchema);
  const kinds = mapValue(file.properties?.['components'])?.oneOf ?? [];
  return [
    introduction(example),
    `### Keys\n\n${table(keyColumns, keyRows(file))}`,
    components(kinds),
    criteria(),
    policyPage(),
    environmentPage(),
  ].join('\n\n');
}

function introduction(example: string): string {
  return `# Configuration

<!-- Written by scripts/docs-configuration.ts from the schemas of the code; change it there. -->

Sitrep reads three things: the repository's file, the operator's policy, and the environment. \`sitrep check\`
tells all errors of the repository's file at once, each with line, column and remedy.

## The repository's file: \`.github/sitrep.yml\`

YAML 1.2 on the default branch, at most 64 KB, without aliases and tags. Editors check it by
\`sitrep.schema.json\`: put \`# yaml-language-server: $schema=…/sitrep.schema.json\` on its first line. Only
\`version\` and one component are required.

\`\`\`yaml
${example.trimEnd()}
\`\`\`

With errors in it, the file is used as far as it can be: the component, rule or contact that has the error is left
out, and updates say so. A component that is left out counts as unknown, and so does a success criterion that
cannot be read: an error never makes an incident look resolved.

Several environments are written under \`environments\`; each may set \`google_cloud\`, \`components\`, \`journeys\`
and \`impact\`. Components and journeys are laid over those of the top level by their ids. \`/status\` means
\`environment\`, \`/status production\` the one that is named.`;
}

const keyColumns = ['Key', 'Value', 'Default', 'Meaning'];

/** The keys of a schema, from the top, with those below them. */
function keyRows(node: SchemaNode, prefix = ''): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const path = `${prefix}${key}`;
    const fallback = node.required?.includes(key) === true ? 'required' : defaultText(child);
    return [[code(path), valueText(key, child), fallback, child.description ?? ''], ...below(path, child)];
  });
}

function below(path: string, node: SchemaNode): string[][] {
  if (node.properties) return keyRows(node, `${path}.`);
  if (node.items?.properties) return keyRows(node.items, `${path}[].`);
  const member = mapValue(node);
  return member?.properties && path !== 'environments' ? keyRows(member, `${path}.ID.`) : [];
}

function mapValue(node: SchemaNode | undefined): SchemaNode | null {
  return typeof node?.additionalProperties === 'object' ? node.additionalProperties : null;
}

function defaultText(node: SchemaNode): string {
  const value = node.default;
  if (value === undefined || JSON.stringify(value) === '{}' || JSON.stringify(value) === '[]') return '';
  return code(typeof value === 'string' ? value : JSON.stringify(value));
}

/** What may be written, in the words of the page. */
function valueText(key: string, node: SchemaNode): string {
  if (node.const !== undefined) return code(String(node.const));
  if (node.enum) return node.enum.map((value) => code(String(value))).join(', ');
  if (node.items) return `list${node.items.properties ? '' : ` of ${valueText('', node.items)}s`}`;
  if (node.properties) return 'map';
  if (node.additionalProperties !== undefined) return mapValue(node)?.items ? 'map of lists' : 'map';
  if (key === 'when') return '[CEL](#criteria)';
  if (node.pattern?.includes('(s|m|h|d)')) return 'duration';
  if (node.format === 'uri') return 'address';
  if (node.type === 'integer') return 'whole number';
  if (node.type === 'number') return 'number';
  return node.pattern?.startsWith('^[a-z][a-z0-9-]') ? 'id' : 'text';
}

function components(kinds: readonly SchemaNode[]): string {
  const own = kinds.map((kind) => {
    const type = kind.properties?.['type']?.const;
    const rows = keyRows(kind).filter(
      ([path = '']) => !['type', ...shared].some((key) => path === code(key)),
    );
    const keys = rows.length === 0 ? '' : `\n\n${table(keyColumns, rows)}`;
    return `#### \`${String(type)}\`\n\n${kind.description ?? ''}.${keys}`;
  });
  const [first] = kinds;
  const common = keyRows(first ?? {}).filter(([path = '']) => shared.some((key) => path === code(key)));
  return `### Components

A component is a node of the graph: something that is read, and what it needs. Each has a
\`type\`, and all types have these keys:

${table(keyColumns, common)}

An id begins with a lower-case letter, followed by letters, digits and hyphens. A duration is a number and \`s\`,
\`m\`, \`h\` or \`d\`.

${own.join('\n\n')}`;
}

const shared = ['title', 'depends_on', 'via', 'owner'];

function criteria(): string {
  return `## Criteria

\`when\` of success criteria, escalation rules and labels is an expression in
[CEL](https://cel.dev), with types: \`sitrep check\` refuses a wrong name, a wrong type, and the id of a component,
journey or cause that does not exist, with its line and column. Values are those of the snapshot's window (the 60
minutes before it was taken), unless the table says otherwise.

${table(['Name', 'Type', 'Meaning'], nameRows())}

A criterion is met, failed or unknown. What could not be read makes it unknown, unless the rest decides it:
\`unknown || true\` is met, \`unknown && false\` is failed.

- A probe that got no answer is an element of \`probes\` whose fields are unknown, so a condition over all probes is
  not met without it. A list of no components at all is unknown.
- Silence proves nothing: without requests, \`errors.share\` and \`errors.count\` are unknown.
- A component whose state is unknown makes every condition over its \`state\` unknown, also
  \`state == 'unknown'\` and \`state != 'failing'\`.
- Whether a cause that could not be tested is in \`causes\` is unknown.
- While some states are unknown, \`recovery\` lies between two bounds; a condition that holds for all values in between
  is met.
- With \`for\`, a condition has to hold for that long, at most 4h. While an incident is open, a light set is read every
  minute: endpoints, requests and 5xx of the hour before, instances, exits, backends. The condition is met where it holds
  now and at each of those samples, the last one before its beginning included; it has failed where it failed at one, and
  the update says when and since when it holds. A time of more than three minutes without a sample, or a sample that could
  not read what the condition needs, makes it unknown. Samples carry no other figures: states of services, causes, stage.
- \`trend\` compares the newest 20 minutes of the last hour of samples with the oldest 20: the 5xx share of five-minute steps
  (beyond two standard errors), and the share of endpoints' answers that are as expected (a tenth or more). Opposite
  signs are steady. Where fewer than two samples of a third tell it, the states and the 5xx share are compared with the update and
  the hour before.

Functions and macros:

${table(
  ['Name', 'Meaning'],
  Object.entries(celFunctions).map(([name, meaning]) => [code(name), meaning]),
)}

An expression has at most ${celLimits.length.toLocaleString('en')} characters, ${celLimits.maxAstNodes} parts and
${celLimits.maxDepth} levels; macros stand in at most one other macro, and all parts, each counted as often as it is
evaluated, are at most ${celLimits.steps.toLocaleString('en')}. There are at most ${celLimits.maps} \`map\`, and \`+\` adds numbers and durations only. Shares are fractions: half is \`0.5\`. A whole
share is \`1.0\`, not \`1\`.

Causes, as \`causes\` names them:

${table(
  ['Cause', 'Meaning'],
  Object.entries(causes).map(([id, meaning]) => [code(id), meaning]),
)}`;
}

function nameRows(): string[][] {
  return Object.entries(celNames).flatMap(([name, entry]) => {
    switch (entry.shape) {
      case 'value':
        return [[code(name), entry.type, entry.meaning]];
      case 'strings':
        return [[code(name), 'list of string', entry.meaning]];
      case 'record':
        return fieldRows(name, entry.fields);
      case 'list':
        return [[code(name), 'list', entry.meaning], ...fieldRows(`${name}[].`, entry.fields)];
      case 'map':
        return fieldRows(`${name}['id']`, entry.fields);
    }
  });
}

function fieldRows(name: string, fields: Readonly<Record<string, Field>>): string[][] {
  const prefix = name.endsWith('.') ? name : `${name}.`;
  return Object.entries(fields).map(([field, { type, meaning }]) => [
    code(`${prefix}${field}`),
    type,
    meaning,
  ]);
}

function policyPage(): string {
  const { properties } = schemaTree(policySchema);
  const grant = mapValue(properties?.['repositories']);
  const ofAll = ['github_writes', 'google_reads'].flatMap((key) =>
    keyRows(properties?.[key] ?? {}, `${key}.`),
  );
  const own = keyRows({ properties: { operator_issue: properties?.['operator_issue'] ?? {} } });
  return `## The operator's policy

The file that \`SITREP_POLICY\` names says which repositories may read which Google projects and probe which hosts.
What it does not grant is not read, and the update says so. Without it the server reads
nothing outside GitHub, and with any error in it the server does not start; the command line uses your own credentials and asks nobody.

\`\`\`yaml
repositories:
  "netra-systems/*":
    google_cloud_projects: [netra-staging]
    probe_hosts: ["*.staging.netra.ai"]
    public: redacted
    comments_per_hour: 6
\`\`\`

A repository is \`owner/name\`; the name may hold \`*\`. Of several entries that fit the most exact one counts alone, so
that one repository can be given less than its owner's others.

${table(keyColumns, [...keyRows(grant ?? {}, 'repositories.NAME.'), ...ofAll, ...own])}

Who may give a command is decided by the role in the repository. Where that is too wide, \`teams\` asks for a membership
beside it, by the role that a command needs:

\`\`\`yaml
repositories:
  "netra-systems/*":
    teams:
      triage: [engineering]
      write: [sre, platform]
\`\`\`

Here \`/status\` needs the role triage and the team \`engineering\`, or one of the others; \`/sitrep resolve\` the role write
and one of \`sre\` and \`platform\`. The slugs are those of the organisation that owns the repository. An invitation that
is not accepted is no membership, and what GitHub does not tell is none. The App needs the organisation's permission
**Members: read** for it, which \`app.yml\` does not ask for: add it in the App's settings, and have the organisation
accept it. Where it is missing, such commands are refused, and the refusal and the log say so.

A fork carries a copy of the configuration, and may be anybody's. Nothing that happens in one counts, unless an entry
names it, \`owner/name\` without a \`*\`.

Everybody can read a public repository's comments. Unless its entry says \`public: full\`, its updates are redacted: they show
what is public already (the issue, people's words, ids and titles of \`.github/sitrep.yml\`), states and since when, durations,
causes by their general sentence with verdict and class, which criteria hold, and evidence ids; no project id, host, address,
name at the provider, revision, setting, log line, command, query or figure. A public repository without an entry gets nothing:
nothing is read for it. Whether a repository is public is asked of GitHub at each update, and before each edit of the living
comment that no look of the last 10 seconds has come before.

What is read of Google Cloud in a minute, by all processes of Sitrep together for one project, unless
\`google_reads.per_minute\` says otherwise; of other APIs ${String(readsPerMinute(''))}:

${table(
  ['API', 'Reads a minute', 'Source'],
  readQuotas.map(({ api, perMinute, source }) => [code(api), String(perMinute), source]),
)}

### What may be probed

An entry of \`probe_hosts\` is \`[https://]host[:port]\`:

${table(
  ['Entry', 'Grants'],
  [
    ['`api.example.com`', 'https and wss at 443, http and ws at 80'],
    ['`https://api.example.com`', 'https and wss at 443 alone'],
    ['`api.example.com:8443`', 'any of the four at 8443 alone'],
    ['`*.example.com`', 'names below example.com, not itself and no address; `https://` and a port as above'],
    ['`10.0.0.5:8080`, `"[fd00::5]:8080"`', 'that address, written in its usual notation'],
  ],
)}

Plain http has no word of its own: a probe sends nothing secret, and asking for http is how a redirect to https is
watched. A name that leads to a private or loopback address is probed only where that address is listed too, with the same
scheme and port; of several addresses one that is not granted is enough to refuse it. What was judged is what is connected
to. Metadata of a cloud is never probed: link-local addresses, those of Azure, Alibaba Cloud and Oracle Cloud, those of AWS and Google in IPv6, what leads to
them by translation, and names such as \`metadata.google.internal\`; a policy that lists one has an error. Redirects are
told and not followed.

### What a configuration asks for beyond it

Each component has a gap, with the line of the policy that would grant it, and the log has one line a collection
(\`a configuration asks for more than the policy grants\`); samples, which are taken every minute, add one when it changes
and one an hour. A component that leads to another project, by a full resource name, a connection name, a PromQL matcher or
a filter of logs, is no part of any request; what an API names in another project is not read. PromQL may compare
\`project_id\` with \`=\`, or with \`=~\` and ids alone. A grant of a project covers what its own metrics scope shows in Cloud
Monitoring: grant no scoping project of others. A state of Terraform may lie in any bucket that Sitrep's identity reads;
of it only what belongs to the granted project is told.`;
}

function environmentPage(): string {
  const rows = Object.entries<Variable>(variables).map(
    ([name, { readers, required, default: fallback, meaning }]) => [
      code(name),
      readers.join(', '),
      required ?? '',
      fallback === null ? '' : code(fallback),
      meaning,
    ],
  );
  return `## Environment

All problems are told at once, each with its remedy, and nothing starts before they are solved.
Every command also reads the file \`.env\` of its working directory, as Node does (\`NAME=value\`, a line each); what is set in the
environment wins. \`sitrep start\` writes the credentials of the App that it makes there.

${table(['Variable', 'Read by', 'Required', 'Default', 'Meaning'], rows)}
`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(columns: readonly string[], rows: readonly string[][]): string {
  return [row(columns), row(columns.map(() => '---')), ...rows.map(row)].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Writes both files. */
async function main(): Promise<void> {
  const example = readFileSync(new URL('docs/sitrep.example.yml', root), 'utf8');
  writeFileSync(new URL('docs/configuration.md', root), await configurationPage(example));
  writeFileSync(new URL('sitrep.schema.json', root), schemaFile());
}

if (import.meta.main) await main();
