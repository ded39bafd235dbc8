import { code, say } from '../text.ts';
import type { ConfigurationErrorsUpdate, Update } from '../update.ts';

/** What stands for a private name. */
const blank = '…';

/**
 * The update with each of these strings blanked, wherever a text from outside holds it: the last look before an update is
 * laid out where everybody reads it. Own words are literals of the source and hold none. A link keeps its address where
 * that is a page of the repository; any other address with such a string is left out, and its label is blanked.
 *
 * @param page The repository's page at GitHub, under which all of its issues and comments lie.
 */
export function withoutPrivate<Kind extends Update>(
  update: Kind,
  strings: readonly string[],
  page: string,
): Kind {
  const blanked = (text: string): string =>
    strings.reduce((left, string) => (left.includes(string) ? left.replaceAll(string, blank) : left), text);
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value))
      return isLiteral(value)
        ? value
        : value.map((part: unknown) => (typeof part === 'string' ? blanked(part) : walk(part)));
    if (typeof value !== 'object' || value === null) return value;
    if ('as' in value && value.as === 'link' && 'href' in value && 'label' in value) {
      const { href, label } = value;
      if (typeof href !== 'string' || typeof label !== 'string') return value;
      const isOwn = href === page || href.startsWith(`${page}/`) || href.startsWith(`${page}#`);
      return isOwn || blanked(href) === href
        ? { ...value, label: blanked(label) }
        : { as: 'prose', text: blanked(label) };
    }
    if ('as' in value && 'text' in value && typeof value.text === 'string')
      return { ...value, text: blanked(value.text) };
    // The mark of a redacted update is known by its identity.
    if ('words' in value && !('as' in value) && isPlain(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, walk(part)]));
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- texts change, and nothing else: it is what it was
  return walk(update) as Kind;
}

/** Words of a template are own words. */
function isLiteral(value: readonly unknown[]): boolean {
  return 'raw' in value;
}

/** Own words without values. */
function isPlain(value: object): boolean {
  return 'values' in value && Array.isArray(value.values) && value.values.length === 0;
}

/** The errors of a configuration by their places: what stands there, an address say, is left out. */
export function placesAlone(update: ConfigurationErrorsUpdate): ConfigurationErrorsUpdate {
  const { errors } = update.folds;
  if (errors === null) return update;
  const rows = errors.rows.map(({ place }) => ({
    place,
    what: say`not usable`,
    remedy: say`${code('sitrep check')} tells`,
  }));
  return { ...update, folds: { errors: { ...errors, rows } } };
}
