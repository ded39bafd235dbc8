import type { Configuration } from '../../../config/repository.schema.ts';
import { compareText } from '../../observations.ts';
import type { Statement } from '../../snapshot.ts';
import { moodOf } from './mood.ts';
import type { Mood } from './mood.ts';
import { passagesOf, unquoted } from './passages.ts';

/** A sentence of a statement, how it is meant, and the headings above it. */
export interface Sentence {
  text: string;
  under: string;
  heading: boolean;
  mood: Mood;
  /** Speaks of another environment or region than the configured one. */
  elsewhere: boolean;
}

/** A statement, read once for all that look for claims in it. */
export interface ReadStatement {
  by: string;
  at: string;
  url: string;
  sentences: readonly Sentence[];
  /** The text with its fences, but without quotes. */
  unquoted: string;
}

/** Reads the statements, the oldest first, whatever their order. */
export function readStatements(
  configuration: Configuration,
  statements: readonly Statement[],
): ReadStatement[] {
  return statements
    .toSorted((a, b) => compareText(a.at, b.at) || compareText(a.url, b.url) || compareText(a.text, b.text))
    .map(({ by, at, url, text }) => ({
      by,
      at,
      url,
      sentences: sentencesOf(configuration, text),
      unquoted: unquoted(text),
    }));
}

/** Sentences read of one statement at most: more than people write by hand in the characters that are read. */
const mostSentences = 500;

function sentencesOf(configuration: Configuration, statement: string): Sentence[] {
  const parts = passagesOf(statement).flatMap(({ text, under, kind }) =>
    text
      .split(/(?<=[.!?])\s+|;\s/)
      .filter((part) => part.trim() !== '')
      .map((part) => ({ text: part, under, kind })),
  );
  return parts.slice(0, mostSentences).map(({ text, under, kind }) => ({
    text,
    under,
    heading: kind === 'heading',
    mood: moodOf(text, under, kind === 'todo'),
    elsewhere: isElsewhere(configuration, text),
  }));
}

const environments =
  /(?<![\w./-])(?:production|prod|preprod|dev|develop|development|qa|uat|canary|sandbox|demo|staging)(?![\w/-]|\.\w)/gi;
const regions = /\b(?:africa|asia|australia|europe|me|northamerica|southamerica|us)-[a-z]{4,12}\d{1,2}\b/gi;

/** Whether words name an environment or a region, other than in a resource's name, and only others than the configured ones. */
function isElsewhere({ environment, google_cloud: cloud }: Configuration, words: string): boolean {
  const own = environment.toLowerCase();
  const spoken = words.replaceAll(/`[^`]*`/g, ' ');
  const named = [...spoken.matchAll(environments)].map(([name]) => name.toLowerCase());
  const places = [...spoken.matchAll(regions)].map(([name]) => name.toLowerCase());
  const isOwn = (name: string): boolean => own.startsWith(name) || name.startsWith(own);
  const other = named.length > 0 && !named.some(isOwn);
  return other || (cloud !== undefined && places.length > 0 && !places.includes(cloud.region));
}
