import Handlebars from 'handlebars';
import type { TemplateProblem } from '../../core/own-templates/problem.ts';
import { cutToFit, TooLongError } from '../fit.ts';
import { readTemplates } from '../read-templates.ts';
import { asCode } from './as-code.ts';
import type { PlainModel, RenderJob, RenderResult } from './job.ts';
import { faultOf } from './judge.ts';
import { inlinePartials, misusesIn } from './misuse.ts';
import { parseProblem } from './parse-problem.ts';

/**
 * Renders a template of a repository. It knows the helpers that take parts of the model and no others, reads own
 * properties only, and has nothing to call. What it may not do in time or memory is the thread's matter.
 */

/** Partials of ours under a name that no file can take: `{{> sitrep/footer}}` in a `footer` of one's own. */
const ours = 'sitrep/';

const helpers = { log: false, helperMissing: false, blockHelperMissing: false };
// Not strict: what is not there prints nothing, and `../` works.
const options = { noEscape: true, knownHelpersOnly: true, knownHelpers: helpers, preventIndent: true };
const access = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };

/** Longest text that is looked at, in UTF-16 units: it is cut, but not from any length. */
const longestRaw = 4_000_000;

type Compiled = Handlebars.TemplateDelegate<PlainModel>;

/** Why a template was left before it gave a text. */
class TemplateFailure extends Error {
  override readonly name = 'TemplateFailure';
  readonly problem: TemplateProblem;

  constructor(problem: TemplateProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

const engine = Handlebars.create();
const builtIn = readTemplates('partials').map(
  ([name, text]) => [name, engine.compile<PlainModel>(text, options)] as const,
);

/** The text of an update by the repository's template of its kind, or why there is none. */
export function renderOwn(job: RenderJob): RenderResult {
  const file = `${job.kind}.hbs`;
  try {
    const { kind, templates } = job;
    const known = knownPartials({ templates, texts: [templates.kinds[kind] ?? ''] });
    const given = { ...access, partials: partialsOf(job, known) };
    const template = compiled(file, templates.kinds[kind] ?? '', known);
    const write = (model: PlainModel) => written(template(model, given), file);
    const text = cutToFit(job.model, write, job.limit);
    const fault = faultOf(text);
    return fault === null ? { text } : { problem: { ...fault, file, line: null, column: null } };
  } catch (error) {
    return { problem: problemOf(error, file) };
  }
}

/** Names of all partials that these texts, and partials, may use. What does not parse defines none. */
function knownPartials({
  templates,
  texts,
}: {
  templates: RenderJob['templates'];
  texts: readonly string[];
}): Set<string> {
  return new Set([
    ...builtIn.flatMap(([name]) => [name, ours + name]),
    ...templates.refused.flatMap(({ file }) => nameOfPartial(file) ?? []),
    ...Object.keys(templates.partials),
    ...[...texts, ...Object.values(templates.partials)].flatMap(inlineIn),
  ]);
}

function inlineIn(text: string): string[] {
  try {
    return inlinePartials(text);
  } catch {
    return [];
  }
}

function nameOfPartial(file: string): string | null {
  return /^partials\/(.+)\.hbs$/u.exec(file)?.[1] ?? null;
}

function partialsOf({ templates }: RenderJob, known: ReadonlySet<string>): Record<string, Compiled> {
  const partials: Record<string, Compiled> = {};
  for (const [name, partial] of builtIn) {
    partials[name] = partial;
    partials[ours + name] = partial;
  }
  // What is refused fails where it is used, rather than that ours stands in for it.
  for (const problem of templates.refused) {
    const name = nameOfPartial(problem.file);
    if (name === null) continue;
    partials[name] = () => {
      throw new TemplateFailure(problem);
    };
  }
  for (const [name, text] of Object.entries(templates.partials))
    partials[name] = lazily(`partials/${name}.hbs`, text, known);
  return partials;
}

/** Compiled when it is used first: a partial that nobody uses keeps nothing from being posted. */
function lazily(file: string, text: string, known: ReadonlySet<string>): Compiled {
  let template: Compiled | null = null;
  return (model, given) => (template ??= compiled(file, text, known))(model, given);
}

function compiled(file: string, text: string, known: ReadonlySet<string>): Compiled {
  const [problem] = problemsOf(file, text, known);
  if (problem !== undefined) throw new TemplateFailure(problem);
  return engine.compile<PlainModel>(text, options);
}

/** Compiled now, not at the first use, so that what is wrong is known by its place. */
function problemsOf(file: string, text: string, known: ReadonlySet<string>): TemplateProblem[] {
  try {
    const misuses = misusesIn(file, text, known);
    if (misuses.length === 0) engine.precompile(text, options);
    return misuses;
  } catch (error) {
    return [parseProblem(file, error)];
  }
}

/** All that is wrong with the files of a repository, whether anything uses them or not, without running one. */
export function problemsIn(templates: RenderJob['templates']): TemplateProblem[] {
  const files = Object.entries(templates.partials).map(
    ([name, text]) => [`partials/${name}.hbs`, text] as const,
  );
  const inAll = knownPartials({ templates, texts: Object.values(templates.kinds) });
  return [
    ...Object.entries(templates.kinds).flatMap(([kind, text]) =>
      problemsOf(`${kind}.hbs`, text, knownPartials({ templates, texts: [text] })),
    ),
    ...files.flatMap(([file, text]) => problemsOf(file, text, inAll)),
  ];
}

function written(text: string, file: string): string {
  if (text.length > longestRaw) throw new TemplateFailure(tooLong(file));
  return `${text.trimEnd()}\n`;
}

function problemOf(error: unknown, file: string): TemplateProblem {
  if (error instanceof TemplateFailure) return error.problem;
  const of = { file, line: null, column: null };
  if (error instanceof TooLongError) return tooLong(file);
  if (error instanceof RangeError)
    return /string length/iu.test(error.message)
      ? tooLong(file)
      : {
          ...of,
          code: 'template-recursion',
          message: 'calls itself without an end',
          remedy: 'let no partial call itself, directly or by another one',
        };
  const told = error instanceof Error ? error.message : String(error);
  const missing = /^The partial (?<name>.{1,100}) could not be found$/u.exec(told)?.groups?.['name'];
  if (missing !== undefined)
    return {
      ...of,
      code: 'template-partial',
      message: `uses the partial ${asCode(missing)}, which there is not`,
      remedy: `add partials/${missing}.hbs, or use one of the built-in ones`,
    };
  return {
    ...of,
    code: 'template-failed',
    message: `fails: ${asCode(told)}`,
    remedy: 'see docs/templates.md for what a template may do',
  };
}

function tooLong(file: string): TemplateProblem {
  return {
    code: 'template-length',
    file,
    message: 'gives more than a comment may hold, also without the rows of its folds',
    line: null,
    column: null,
    remedy: 'print less outside of the rows of folds, which alone are cut',
  };
}
