import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { configurationOf } from '../../commands/configuration.ts';
import { probeGrantOf } from '../../config/probe-grant.ts';
import type { Configuration } from '../../config/repository.schema.ts';
import { diagnose } from '../../core/diagnose.ts';
import { signal } from '../../core/signals.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { readText } from '../files.ts';
import { errorLine } from '../inputs.ts';
import { InputError, type CommandLine } from '../io.ts';
import { claimDirectory, writeFiles } from './directory.ts';
import { endpointStates } from './endpoint-states.ts';
import { exchangeOf, type Exchange } from './exchanges.ts';
import { mapTexts } from './json-strings.ts';
import { aliasesFor } from './names.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { renamedConfiguration } from './renamed-configuration.ts';
import { createRenamer, type Alias, type Renamer } from './renamer.ts';
import { scenarioFiles } from './scenario-files.ts';
import { findSecrets } from './secrets.ts';

export interface RecordingOptions {
  /** Where it goes: a directory that is new or empty. */
  dir: string;
  /** File of names and what stands for them. */
  rename?: string | undefined;
  /** Whether every name that tells who it is gets another one. */
  anonymous: boolean;
}

/** What was collected while it was recorded. */
export interface Collected {
  /** File of the configuration, and the environment that was asked for. */
  config: string;
  environment: string | null;
  configuration: Configuration;
  snapshot: Snapshot;
  /** `SITREP_GCP_ENDPOINT`. */
  endpoint: string | null;
}

export interface Recording {
  recorder: Recorder;
  /** Takes out secrets, renames, writes the scenario, and tells what was done. */
  write(collected: Collected): Promise<void>;
}

/** Begins a recording. @throws InputError where its directory or the file of names cannot be used */
export async function openRecording(options: RecordingOptions, line: CommandLine): Promise<Recording> {
  const given = options.rename === undefined ? [] : await readAliases(options.rename);
  await claimDirectory(options.dir);
  const recorder = createRecorder();
  return { recorder, write: (collected) => write(options, given, recorder, collected, line) };
}

const aliasesSchema = z.record(z.string().min(2), z.string().min(1));

async function readAliases(file: string): Promise<Alias[]> {
  const remedy = 'write one pair a line, for example netra-staging: shop-staging';
  const text = await readText(file);
  try {
    const pairs = Object.entries(aliasesSchema.parse(parse(text)));
    return pairs.map(([from, to]) => ({ kind: 'given', from, to }));
  } catch (error) {
    throw new InputError(`${file} is no list of names and what stands for them; ${remedy}`, { cause: error });
  }
}

async function write(
  { dir, anonymous }: RecordingOptions,
  given: readonly Alias[],
  { calls, probed }: Recorder,
  { config, environment, configuration, snapshot, endpoint }: Collected,
  line: CommandLine,
): Promise<void> {
  const file: unknown = parse(await readText(config));
  const exchanges = calls.map((call) => exchangeOf(call, endpoint));
  const endpoints = endpointStates(probed);
  const secrets = await findSecrets([exchanges, probed, endpoints, file], plainTexts(exchanges, file));
  const clean = secrets.standIns({ exchanges, probed, endpoints, file });
  const found = anonymous ? aliasesFor(clean.file, [clean.exchanges, clean.probed]) : [];
  const renamer = createRenamer([...given, ...found.filter(({ from }) => !isGiven(from, given))]);
  const { google_cloud: place, labels } = configuration;
  const named = environment === null ? null : renamer.text(environment);
  const files = scenarioFiles({
    exchanges: renamer.json(clean.exchanges),
    probed: renamer.json(clean.probed),
    endpoints: renamer.json(clean.endpoints),
    configuration: renamedConfiguration(clean.file, renamer.text),
    projects: place === undefined ? [] : [renamer.text(place.project)],
    hosts: hostsOf(configuration).map(renamer.text),
    label: renamer.text(labels.incident[0] ?? 'incident'),
    snapshot: shown(secrets.hidden(withoutSignatures(atOneTime(snapshot))), renamer),
    diagnosis: shown(secrets.hidden(diagnose(configuration, snapshot)), renamer),
    noToken: isWithoutToken(snapshot, exchanges),
    environment: named,
  });
  const size = await writeFiles(dir, files);
  tell(dir, { files: files.size, size, secrets: secrets.count(), renamer }, line);
  tellFaults(join(dir, 'sitrep.yml'), files.get('sitrep.yml') ?? '', named, line);
}

/** What is no secret whatever it is called: who asks has written it, or knows it. Tokens of pages are none of it. */
function plainTexts(exchanges: readonly Exchange[], file: unknown): string {
  const asked = exchanges.map(({ request: { path, query } }) => [
    path,
    query.filter((parameter) => !('pageToken' in parameter)),
  ]);
  return JSON.stringify([asked, file]);
}

/** An API that does not accept a token has answered so; without one it was not asked at all. */
function isWithoutToken({ gaps }: Snapshot, exchanges: readonly Exchange[]): boolean {
  const refused = exchanges.some(({ answer }) => 'status' in answer && answer.status === 401);
  return !refused && gaps.some(({ reason }) => reason === 'no-credentials');
}

function isGiven(name: string, given: readonly Alias[]): boolean {
  return given.some(({ from }) => from.toLowerCase() === name.toLowerCase());
}

/** As a play reads it: its clock stands still at the end of the window. */
function atOneTime(snapshot: Snapshot): Snapshot {
  const at = snapshot.window.to;
  const read = <Evidence>(evidence: readonly Evidence[]) => evidence.map((one) => ({ ...one, at }));
  return {
    ...snapshot,
    takenAt: at,
    observations: read(snapshot.observations),
    gaps: read(snapshot.gaps),
  };
}

/** The id of a line is made of its words: with other names, or without a secret, it is another one. */
function withoutSignatures(snapshot: Snapshot): Snapshot {
  const observations = snapshot.observations.map((one) => {
    const without = { ...one };
    delete without.signature;
    return without;
  });
  return { ...snapshot, observations };
}

/** Words of Sitrep's own in a snapshot or a diagnosis, whatever a service is called. */
const ownWords = new Set(['unit', 'reason', 'kind', 'method', 'api', 'cause', 'verdict']);

/** A snapshot or a diagnosis with the new names. */
function shown<Value>(value: Value, { text: rename }: Renamer): Value {
  return mapTexts(value, {
    text: (text, { key }) => {
      if (key !== null && ownWords.has(key)) return text;
      return key === 'signal' ? renamedSignal(text, rename) : rename(text);
    },
  });
}

/** Beginnings of signals that end with a name. */
const beginnings = Object.values(signal).filter((name) => name.endsWith('.'));

/** The part of a signal that is a name, or several with dots between them. */
function renamedSignal(name: string, rename: (text: string) => string): string {
  const [beginning = name] = beginnings
    .filter((one) => name.startsWith(one))
    .toSorted((a, b) => b.length - a.length);
  const rest = rename(name.slice(beginning.length));
  return beginning + rest.split('.').map(rename).join('.');
}

/** The hosts that are probed, as a policy grants them. */
function hostsOf({ components }: Configuration): string[] {
  const urls = Object.values(components).flatMap((component) => ('url' in component ? [component.url] : []));
  return [...new Set(urls.map((url) => probeGrantOf(new URL(url))))];
}

/** Names that are told at most. */
const toldNames = 60;

function tell(
  dir: string,
  { files, size, secrets, renamer }: { files: number; size: number; secrets: number; renamer: Renamer },
  line: CommandLine,
): void {
  line.err(
    `recorded in ${dir}: ${String(files)} files, ${(size / 1_000).toFixed(0)} kB; ${String(secrets)} secrets taken out\n`,
  );
  const used = [...renamer.counts()].filter(([, times]) => times > 0);
  for (const [{ kind, from, to }, times] of used.slice(0, toldNames))
    line.err(`renamed ${kind} ${from} → ${to}, ${String(times)} times\n`);
  if (used.length > toldNames) line.err(`renamed ${String(used.length - toldNames)} more\n`);
  for (const { from } of [...renamer.counts()]
    .filter(([{ kind }, times]) => kind === 'given' && times === 0)
    .map(([alias]) => alias))
    line.err(`${from} was not found\n`);
  line.err(`look through ${dir} before you share it: what stands in no known place is still there\n`);
  line.err(`play it with: sitrep sandbox --scenario ${dir} --once\n`);
}

/** A new name may not fit where the old one stood. */
function tellFaults(file: string, text: string, environment: string | null, line: CommandLine): void {
  const read = configurationOf(text, environment ?? undefined, file);
  const errors = read.kind === 'no-environment' ? [] : read.errors;
  for (const error of errors) line.err(`${errorLine(file, error)}\n`);
}
