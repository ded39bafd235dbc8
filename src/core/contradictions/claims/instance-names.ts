import type { ReadStatement } from './read.ts';

const name = '[a-z][a-z0-9-]{1,97}';
const inCommands = [
  new RegExp(String.raw`\bgcloud sql (?:instances describe|connect) (${name})\b`, 'g'),
  new RegExp(String.raw`\bgcloud sql operations list [^\n]{0,200}?--instance[= ](${name})\b`, 'g'),
];
const inPaths = new RegExp(
  String.raw`\/cloudsql\/[a-z][a-z0-9-]{1,40}:[a-z]{2,20}-[a-z]{2,20}\d{1,2}:(${name})\b`,
  'g',
);
const inWords = new RegExp(
  String.raw`\bCloud SQL(?: instance| database)?(?: (?:is|healthy|running|called|named)){0,2}:?\s?\x60(?:[a-z][a-z0-9-]{1,40}:[a-z0-9-]{4,30}:)?(${name})\x60`,
  'gi',
);

/** Words of a sentence in which a name is that of something else, or no longer that of this. */
const ofAnother =
  /\b(?:other|another|not|no longer|old|former|renamed|deleted|removed|replica|clone|wrong|instead|does ?n.t exist)\b/i;

/**
 * The names by which a statement calls a Cloud SQL instance, in a command (a fence counts: it is there to be run), in
 * a socket's path or in words, each once. Commands for another project than the configured one name others.
 */
export function instanceNamesOf({ unquoted, sentences }: ReadStatement, project?: string): string[] {
  // A command goes on behind a backslash at the end of its line.
  const lines = unquoted.replaceAll(/\\\r?\n\s{0,40}/g, ' ').split('\n');
  const commands = lines
    .filter((line) => !isOfAnotherProject(line, project))
    .flatMap((line) => inCommands.flatMap((pattern) => named(pattern, line)));
  const paths = lines.flatMap((line) => named(inPaths, line));
  const words = sentences
    .filter(
      ({ text, mood, elsewhere }) =>
        !mood.question && !elsewhere && !ofAnother.test(text.replaceAll(/`[^`]*`/g, ' ')),
    )
    .flatMap(({ text }) => named(inWords, text));
  return [...new Set([...words, ...commands, ...paths])];
}

function isOfAnotherProject(line: string, project: string | undefined): boolean {
  const given = /--project[= ]([a-z][a-z0-9-]{1,60})/.exec(line)?.[1];
  return project !== undefined && given !== undefined && given !== project;
}

function named(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => match[1] ?? []);
}
