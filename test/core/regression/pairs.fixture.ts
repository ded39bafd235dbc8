import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { repositorySchema, type Configuration } from '../../../src/config/repository.schema.ts';
import { signatureId } from '../../../src/core/regression/comparable.ts';
import type { EarlierIncident } from '../../../src/core/regression/earlier-incident.ts';
import type { PresentIncident } from '../../../src/core/regression/present-incident.ts';
import { issueReader } from '../../../src/core/regression/read-issue.ts';

/** Pairs of an earlier issue, as people write them, and a present incident. */

const pairSchema = z.strictObject({
  name: z.string(),
  world: z.string(),
  /** The true cause of the earlier incident, which the matching is not told. */
  was: z.string(),
  /** The cause that its record holds, where it is told. */
  recorded: z.string().optional(),
  /** Of the pairs that were held out. */
  kind: z.enum(['same', 'similar', 'other-cause', 'unrelated']).optional(),
  earlier: z.strictObject({
    title: z.string(),
    body: z.string(),
    comments: z.array(z.string()),
    open: z.boolean().optional(),
    closed: z.string().optional(),
  }),
  now: z.strictObject({
    title: z.string(),
    text: z.string(),
    lines: z.record(z.string(), z.array(z.string())),
    frames: z.record(z.string(), z.string()).optional(),
    chain: z.array(z.string()),
    causes: z.array(z.string()),
  }),
});

export interface Pair {
  name: string;
  world: string;
  was: string;
  kind: string;
  earlier: EarlierIncident;
  now: PresentIncident;
}

function file(name: string): unknown {
  return parse(readFileSync(new URL(`pairs/${name}.yml`, import.meta.url), 'utf8'));
}

/** The repositories of which the pairs tell. */
export const worlds: Readonly<Record<string, Configuration>> = Object.fromEntries(
  Object.entries(z.record(z.string(), z.object({ components: z.unknown() })).parse(file('worlds'))).map(
    ([name, { components }]) => [name, repositorySchema.parse({ version: 1, components })],
  ),
);

const began = '2026-03-02T10:00:00Z';

/** The pairs of a file; their kind is its name unless each says its own. */
export function pairsOf(name: string, firstIssue: number): Pair[] {
  return z
    .array(pairSchema)
    .parse(file(name))
    .map((pair, at) => {
      const configuration = worlds[pair.world];
      if (configuration === undefined) throw new Error(`no world ${pair.world}`);
      const { title, body, comments, open, closed } = pair.earlier;
      const read = issueReader(configuration)({
        issue: firstIssue + at,
        title,
        url: `https://github.com/acme/${pair.world}/issues/${String(firstIssue + at)}`,
        openedAt: '2026-02-01T08:00:00Z',
        closedAt: open === true ? null : (closed ?? '2026-02-01T18:00:00Z'),
        labels: ['incident'],
        body,
        comments: comments.map((text) => ({ at: '2026-02-01T09:00:00Z', text })),
      });
      return {
        name: pair.name,
        world: pair.world,
        was: pair.was,
        kind: pair.kind ?? name,
        earlier: pair.recorded === undefined ? read : { ...read, cause: pair.recorded, source: 'recorded' },
        now: presentOf(pair.now),
      };
    });
}

function presentOf({
  title,
  text,
  lines,
  frames = {},
  chain,
  causes,
}: z.infer<typeof pairSchema>['now']): PresentIncident {
  let evidence = 0;
  return {
    at: began,
    issue: 9_000,
    signatures: Object.entries(lines).flatMap(([component, own]) =>
      own.map((line) => ({
        id: signatureId(line),
        line,
        frame: frames[component] ?? null,
        components: [component],
        count: 10,
        evidence: [`E${String((evidence += 1))}`],
      })),
    ),
    chain,
    causes: causes.filter((cause) => cause !== 'unknown'),
    text: `${title}\n${text}`,
  };
}
