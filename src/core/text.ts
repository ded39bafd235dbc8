import { sortedIds } from './observations.ts';

/**
 * Text of an update before it becomes Markdown. Own words can only be written as a literal of this source
 * (`say` is a template tag), and everything that is put between them says what it is, so the renderer
 * neutralises all that came from outside. There is no way to hand foreign text over as own words.
 */

/** Own words with values between them; made by `say`. */
export type Text = { readonly words: TemplateStringsArray; readonly values: readonly Value[] };

/** A short value as it was read: a name, a setting, an error line. Shown as a code span. */
export type Code = { readonly as: 'code'; readonly text: string };

/** Sentences that somebody else wrote, or that hold parts of such. Code spans in them survive. */
export type Prose = { readonly as: 'prose'; readonly text: string };

/** A figure, a time or an age as `core/figures.ts` writes it: letters, digits and a few signs. */
export type Plain = { readonly as: 'plain'; readonly text: string };

/** Evidence ids: `(E3, E4)` as a citation, `E3, E4` bare; at most `limit` of them, then `…`. */
export type Cite = {
  readonly as: 'cite';
  readonly ids: readonly string[];
  readonly bare: boolean;
  readonly limit: number;
};

/** A person or team who is meant to be notified. */
export type Mention = { readonly as: 'mention'; readonly login: string };

/** A link that we built or that the configuration names; anything but https is shown without a link. */
export type Link = { readonly as: 'link'; readonly label: string; readonly href: string };

/** An issue of the same repository, `#1263`, which GitHub turns into a link. */
export type Issue = { readonly as: 'issue'; readonly number: number };

/** A command in full, as a code span; it is left out rather than shown cut or changed. */
export type Command = { readonly as: 'command'; readonly text: string };

/** Values with own words between each two of them. */
export type Joined = { readonly as: 'joined'; readonly items: readonly Value[]; readonly between: Text };

export type Value = number | Text | Code | Prose | Plain | Cite | Mention | Link | Issue | Command | Joined;

/** The heading of a folded part. GitHub reads it as HTML, so it holds own words and figures only. */
export type Label = {
  readonly as: 'label';
  readonly words: TemplateStringsArray;
  readonly values: readonly (number | Plain)[];
};

/** Several lines shown as they are: a command to run, a log excerpt. */
export type Fence = { readonly as: 'fence'; readonly language: 'bash' | 'text'; readonly text: string };

/** Template tag for own words: say`**Broken:** ${code(id)}`. */
export function say(words: TemplateStringsArray, ...values: Value[]): Text {
  return { words, values };
}

/** Template tag for the heading of a folded part. */
export function label(words: TemplateStringsArray, ...values: (number | Plain)[]): Label {
  return { as: 'label', words, values };
}

export function code(text: string): Code {
  return { as: 'code', text };
}

export function prose(text: string): Prose {
  return { as: 'prose', text };
}

export function plain(text: string): Plain {
  return { as: 'plain', text };
}

/** `(E3, E4)`. Ids are shown in ascending order, each once; nothing is shown for none. */
export function cite(of: readonly string[], limit: number = Number.POSITIVE_INFINITY): Cite {
  return { as: 'cite', ids: sortedIds(of), bare: false, limit };
}

/** `E3, E4`, for a table column and for the middle of a bracket. */
export function ids(of: readonly string[], limit: number = Number.POSITIVE_INFINITY): Cite {
  return { as: 'cite', ids: sortedIds(of), bare: true, limit };
}

export function mention(login: string): Mention {
  return { as: 'mention', login };
}

export function link(text: string, href: string): Link {
  return { as: 'link', label: text, href };
}

export function issue(number: number): Issue {
  return { as: 'issue', number };
}

/** The values with `between` (a comma by default) between each two. */
export function join(items: readonly Value[], between: Text = say`, `): Joined {
  return { as: 'joined', items, between };
}

export function fence(language: Fence['language'], text: string): Fence {
  return { as: 'fence', language, text };
}
