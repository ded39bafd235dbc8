import { createRedactor, redacted } from '../../collectors/redact.ts';
import { isSecretSetting, secretStandIn, standInPattern } from '../../core/secret-names.ts';
import { mapTexts, textsOf, type Place } from './json-strings.ts';
import { escaped } from './pattern.ts';

/** Takes secrets out of what is recorded, before any of it is written. */
export interface Secrets {
  /** How many different ones were found. */
  count(): number;
  /** A JSON value with a stand-in for each secret, the same for the same one. */
  standIns<Value>(value: Value): Value;
  /** A value as an update shows it, with the word that stands there in the place of each secret. */
  hidden<Value>(value: Value): Value;
}

/** Characters of texts that are looked at together; less than a redactor reads at once. */
const batchLength = 10_000;

/** Texts that can hold no secret; most of an answer is such. */
const harmless = /^(?:.{0,5}|[A-Za-z_]{0,60}|[\d.:TZ-]{0,40}|[\d.]{1,20}s)$/u;

/**
 * Looks for secrets in all values at once: by the redactor's patterns, and by the names under which they stand. A secret
 * that is known is then taken out wherever it stands, also where nothing around it tells that it is one.
 *
 * @param plain What is no secret whatever it is called: the texts of the configuration and of the questions.
 */
export async function findSecrets(values: readonly unknown[], plain: string): Promise<Secrets> {
  const known = new Map<string, string>();
  const standIn = (secret: string): string => {
    if (secret.replaceAll(standInPattern, '') === '') return secret;
    const stands = known.get(secret) ?? secretStandIn(known.size);
    known.set(secret, stands);
    return stands;
  };
  const clean = await cleanTexts(values, standIn);
  for (const [text, place] of values.flatMap((value) => [...textsOf(value)])) {
    if (isSecretByName(text, place)) standIn(text);
  }
  const everywhere = literals([...known.keys()], plain);
  const without = (text: string, put: (secret: string) => string) =>
    everywhere === null ? text : text.replaceAll(everywhere, put);
  return {
    count: () => known.size,
    standIns: (value) =>
      mapTexts(value, {
        text: (text, place) =>
          isSecretByName(text, place) ? standIn(text) : without(clean.get(text) ?? text, standIn),
        key: (key) => without(key, standIn),
      }),
    hidden: (value) => mapTexts(value, { text: (text) => without(text, () => redacted) }),
  };
}

/** The texts in which the redactor finds something, as they are without it. */
async function cleanTexts(
  values: readonly unknown[],
  standIn: (secret: string) => string,
): Promise<Map<string, string>> {
  const texts = values.flatMap((value) => [...textsOf(value)].map(([text]) => text));
  const suspects = [...new Set(texts)].filter((text) => !harmless.test(text));
  const look = createRedactor();
  const take = createRedactor(standIn);
  const clean = new Map<string, string>();
  for (const batch of batchesOf(suspects)) {
    const together = batch.join('\n');
    if (together.length <= batchLength && (await look(together)) === together) continue;
    for (const text of batch) clean.set(text, await take(text));
  }
  return clean;
}

function* batchesOf(texts: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let length = 0;
  for (const text of texts) {
    if (length + text.length > batchLength && batch.length > 0) {
      yield batch;
      [batch, length] = [[], 0];
    }
    batch.push(text);
    length += text.length + 1;
  }
  if (batch.length > 0) yield batch;
}

/** Values that an API writes under names such as `encryptionKeyShutdownDuration`, and names of resources. */
const ofAnApi = /^(?:projects\/.*|[A-Z][A-Z0-9_]*|\d+(?:\.\d+)?s|\d{4}-\d\d-\d\dT.*|true|false)$/u;

/** A resource is named, also under `private_network` of a Terraform state. */
const resourceName = /^(?:https:\/\/[\w.]+\.googleapis\.com\/[\w/.]*)?\/?projects\/[^\s]+$/u;

/** Fields of APIs that hold a secret; `privateNetwork` or `secret` do not. Tokens of pages tell what was asked for. */
const secretField = /passw|passphrase|token|credential|(?:api|private|access)_?key|client_?secret/i;

/**
 * Whether a text is a secret by what it is called. `secret` as an API has it names one, and holds none; what people have
 * called so is one.
 */
function isSecretByName(text: string, { key, named, versioned, free }: Place): boolean {
  if (named !== null) return isSecretSetting(named, text);
  if (key === null || (key === 'secret' && versioned) || resourceName.test(text)) return false;
  if (!free) return text !== '' && secretField.test(key) && !ofAnApi.test(text);
  return isSecretSetting(key, '-') && isSecretSetting(key, text);
}

/** Shorter ones, and those of one kind of characters, may be ordinary words. */
const telling = /^(?=.*\d|.*[A-Z].*[a-z]|.*[a-z].*[A-Z]|.*[^\w\s])\S{8,500}$/u;

/** Origins, paths and numbers under a secret's name are none where they stand elsewhere. */
const harmlessElsewhere = /^[a-z][a-z0-9+.-]*:\/\/[\w.-]+(?::\d+)?\/?$|^\/|^[\d.:/]+$/u;

/** What finds known secrets anywhere; null where there is none that is safe to look for. */
function literals(secrets: readonly string[], plain: string): RegExp | null {
  const safe = secrets.filter(
    (secret) => telling.test(secret) && !harmlessElsewhere.test(secret) && !plain.includes(secret),
  );
  if (safe.length === 0) return null;
  const written = safe.flatMap((secret) => [...new Set([secret, encodeURIComponent(secret)])]);
  const longestFirst = written.toSorted((a, b) => b.length - a.length).map(escaped);
  return new RegExp(longestFirst.join('|'), 'g');
}
