import { causeIds, isCauseId } from './causes.ts';
import { didYouMean } from './did-you-mean.ts';
import type { WhyStatement } from './snapshot.ts';

/** What a person wrote after `/sitrep why`, or what to write instead. */
export type WhyReading = { why: WhyStatement } | { error: string };

const usage =
  'write `why add TEXT`, `why accept CAUSE [COMPONENT] [REASON]` or `why refute CAUSE [COMPONENT] [REASON]`';

/** Longest reason that is kept. */
const longest = 500;

/** Causes that a person can speak about: `unknown` is the lack of one. */
const spokenOf = causeIds.filter((id) => id !== 'unknown');

/**
 * Reads the words after `/sitrep why`. Case, surplus spaces and quotes around a name are forgiven, and a cause may be
 * written with spaces or underscores. The component is known by its name; everything behind it is the reason.
 *
 * @param components Ids of the configured components.
 */
export function readWhy(text: string, components: readonly string[]): WhyReading {
  const [verb = '', ...words] = text.split(/\s+/u).filter((word) => word !== '');
  const act = bare(verb);
  if (act === 'add') {
    const reason = cut(words);
    return reason === '' ? { error: 'say what was found: `why add TEXT`' } : { why: { act, reason } };
  }
  if (act !== 'accept' && act !== 'refute') {
    return { error: verb === '' ? usage : `there is no \`why ${shown(verb)}\`; ${usage}` };
  }
  const named = causeAt(words);
  if (named === null) return { error: noCause(act, words[0]) };
  const [next = '', ...rest] = words.slice(named.words);
  const component = components.find((id) => id === bare(next));
  const reason = cut(component === undefined ? [next, ...rest] : rest);
  return { why: { act, cause: named.cause, ...(component === undefined ? {} : { component }), reason } };
}

/** One line of at most `longest` signs, whose last one is whole. */
function cut(words: readonly string[]): string {
  return words.join(' ').trim().slice(0, longest).toWellFormed();
}

/** The cause that the words begin with, and how many words it takes; the longest that fits. */
function causeAt(words: readonly string[]): { cause: string; words: number } | null {
  const most = Math.min(words.length, 4);
  for (let count = most; count > 0; count -= 1) {
    const cause = words.slice(0, count).map(bare).join('-').replaceAll('_', '-');
    if (isCauseId(cause) && cause !== 'unknown') return { cause, words: count };
  }
  return null;
}

function noCause(act: 'accept' | 'refute', written: string | undefined): string {
  if (written === undefined) return `say which cause: \`why ${act} CAUSE [COMPONENT] [REASON]\``;
  const near = didYouMean(bare(written), spokenOf);
  return near === null
    ? `there is no cause ${shown(written)}; there is ${spokenOf.join(', ')}`
    : `there is no cause ${shown(written)}; did you mean ${near}?`;
}

/** A word in lower case without quotes and punctuation around it. */
function bare(word: string): string {
  return word
    .toLowerCase()
    .replace(/^["'`(]{1,3}/u, '')
    .replace(/["'`),.:;]{1,3}$/u, '');
}

/** A foreign word inside a message. */
function shown(word: string): string {
  return word.replaceAll('`', '').slice(0, 40);
}
