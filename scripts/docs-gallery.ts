import { asPage } from './gallery/page.ts';
import { storyOf, type Story } from './gallery/story.ts';
import { shownKinds, updatesOf, type Shown, type ShownKind } from './gallery/updates.ts';

/**
 * The gallery: every kind of update of a few scenarios, made by the code that posts them. One page each, so that GitHub
 * shows it as it shows a comment, and so that a change of words shows in a diff.
 */

/** The scenarios shown, and kinds that have nothing to tell there, each with its reason. */
export const galleryScenarios: readonly {
  /** Of the scenario, and the beginning of its pages' names. */
  name: string;
  /** The scenario of a public repository, whose updates are redacted; missing for a private one of that name. */
  publicOf?: string;
  without: Partial<Record<ShownKind, string>>;
}[] = [
  { name: 'connector-saturated', without: {} },
  { name: 'bad-deploy', without: {} },
  { name: 'dependency-unavailable', without: {} },
  { name: 'regional-incident', without: {} },
  {
    name: 'healthy',
    without: {
      checkpoint: 'nothing changes',
      escalation: 'no contact is configured, and nothing fails',
    },
  },
  {
    name: 'connector-saturated-public',
    publicOf: 'connector-saturated',
    without: { help: 'as in a private repository', refusal: 'as in a private repository' },
  },
];

/** The story that the pages of that name show. */
function storyFor(name: string): Promise<Story> {
  const scenario = galleryScenarios.find((one) => one.name === name)?.publicOf;
  return scenario === undefined ? storyOf(name) : storyOf(scenario, 'redacted');
}

const made = new Map<string, Promise<readonly Shown[]>>();

/** The updates of a scenario, rendered once. */
export function galleryOf(name: string): Promise<readonly Shown[]> {
  const known = made.get(name) ?? storyFor(name).then((story) => updatesOf(story));
  made.set(name, known);
  return known;
}

const kinds = Object.keys(shownKinds).filter((kind): kind is ShownKind => Object.hasOwn(shownKinds, kind));

/** The pages: which update of which scenario each shows. */
export const galleryPages = galleryScenarios.flatMap(({ name, without }) =>
  kinds
    .filter((kind) => !Object.hasOwn(without, kind))
    .map((kind) => ({ name, kind, file: `docs/gallery/${name}-${kind}.md` })),
);

/** A page of the gallery. */
export async function galleryPage(name: string, kind: ShownKind): Promise<string> {
  const shown = (await galleryOf(name)).filter((one) => one.kind === kind);
  // All evidence comes in several comments; the first shows how they read.
  const pages = kind === 'evidence-all' ? shown.slice(0, 1) : shown;
  if (pages.length === 0) throw new Error(`${name} has no ${kind}`);
  const head = `[Gallery](../gallery.md) · scenario \`${name}\` · ${shownKinds[kind]}`;
  const parts = pages.map(({ title, markdown }) =>
    pages.length === 1 ? asPage(markdown) : `**${title}**\n\n${asPage(markdown)}`,
  );
  return `${[head, ...parts].join('\n\n---\n\n')}\n`;
}

/** The index. */
export async function galleryIndex(): Promise<string> {
  const titles = await Promise.all(
    galleryScenarios.map(async ({ name, publicOf }) => {
      const { title } = (await storyFor(name)).world.scenario;
      return {
        name,
        title: publicOf === undefined ? title : `${title}; the repository is public, so updates are redacted`,
      };
    }),
  );
  const columns = titles.map(({ name }) => `\`${name}\``);
  const rows = kinds.map((kind) => {
    const cells = galleryScenarios.map(({ name, without }) =>
      Object.hasOwn(without, kind) ? `– (${without[kind] ?? ''})` : `[${kind}](gallery/${name}-${kind}.md)`,
    );
    return `| ${shownKinds[kind]} | ${cells.join(' | ')} |`;
  });
  return [
    '# Gallery',
    '',
    'Every kind of update, as it is posted, for a few of the scenarios in `sandbox/scenarios/`. The pages are made by the',
    'code that posts: `npm run derive` writes them, and a test says when one is stale. What is measured in them is what the',
    'stand-ins of Google Cloud and GitHub answer; what people say and do is the same in each story.',
    '',
    'A comment breaks its lines where its text does; on these pages a backslash stands at the end of such a line. Each',
    'posted comment also carries a hidden marker by which it is found again; it is left out here.',
    '',
    ...titles.map(({ name, title }) => `- \`${name}\`: ${title}`),
    '',
    `| Posted for | ${columns.join(' | ')} |`,
    `| --- |${' --- |'.repeat(columns.length)}`,
    ...rows,
    '',
    'How each kind is asked for stands in [commands](commands.md); what a scenario is, in [scenarios](scenarios.md).',
    '',
  ].join('\n');
}
