import { standInPattern } from '../core/secret-names.ts';

/** What stands where a secret stood. */
export const redacted = 'redacted';

/** Longest text that is looked at, in characters; what is beyond is dropped, not passed on unseen. */
const longest = 20_000;

/**
 * Our own patterns beside secretlint's: credentials as they appear in log lines and settings. All are bounded, so
 * that a hostile text costs time in proportion to its length.
 */
const patterns: readonly (readonly [RegExp, string])[] = [
  [standInPattern, redacted],
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, redacted],
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@:"'<>]{0,256}:[^\s"'<>]{1,256}@/gi, `$1${redacted}@`],
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@:"'<>]{16,256}@/gi, `$1${redacted}@`],
  [/(?<![\w-])eyJ[\w-]{8,4000}\.[\w-]{8,8000}(?:\.[\w-]{0,4000})?/g, redacted],
  [/\b(bearer|basic)(\s{1,5})[\w.~+/=-]{8,8000}/gi, `$1$2${redacted}`],
  [/\b((?:set-)?cookie)(\s{0,3}:\s{0,3})[^\n]{1,8000}/gi, `$1$2${redacted}`],
  [/\bAIza[\w-]{35}/g, redacted],
  [/\bya29\.[\w-]{10,2000}/g, redacted],
  [/\bGOCSPX-[\w-]{20,60}/g, redacted],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g, redacted],
  [/\bgh[pousr]_[A-Za-z0-9]{20,255}/g, redacted],
  [/\bgithub_pat_\w{20,255}/g, redacted],
  [/\bglpat-[\w-]{16,64}/g, redacted],
  [/\bxox[a-z]-[\w-]{10,255}/g, redacted],
  [/\bxapp-[\w-]{10,255}/g, redacted],
  [/\bhooks\.slack\.com\/services\/[\w/]{8,200}/gi, `hooks.slack.com/services/${redacted}`],
  [/\b(?:sk|rk|pk)[-_][\w-]{20,255}/g, redacted],
  [/\bnpm_[A-Za-z0-9]{30,64}/g, redacted],
  [/\bwhsec_[\w+/=-]{16,255}/g, redacted],
  [/\b(discord(?:app)?\.com\/api\/webhooks\/)[\w/-]{8,255}/gi, `$1${redacted}`],
  [/([?&](?:token|sig|signature|key|code|auth|access_token)=)[^\s&#"'<>]{1,2000}/gi, `$1${redacted}`],
];

/** Words for a secret, as they end the name of a setting. */
const secretWord = String.raw`(?:password|passwd|passphrase|(?<![a-z])pass|pwd|account[_-]?key|shared[_-]?access[_-]?key|secret|token|credentials?|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?secret|authorization)`;

/**
 * `password=…`, `"api_key": "…"`, `DB_PASSWORD: …`. A resource name after `secret:` is no secret, and the reason
 * that Cloud Run gives for an inaccessible one.
 */
const assignment = new RegExp(
  String.raw`(?<![\w.-])([\w.-]{0,40}${secretWord}["']?\s{0,3}[:=]\s{0,3})(?!projects/|redacted)("[^"\n]{1,4000}"|'[^'\n]{1,4000}'|[^\s"'&]{0,4000}[^\s"'&,;)}\]])`,
  'gi',
);

/** Gives what stands in the place of a secret. */
type StandIn = (secret: string) => string;

/**
 * Gives a function that takes secrets out of a text: by our own patterns, then by secretlint's recommended rules.
 * `standIn` says what is put in their place.
 */
export function createRedactor(standIn: StandIn = () => redacted): (text: string) => Promise<string> {
  let linting: Promise<Lint> | null = null;
  return async (text) => {
    const lint = await (linting ??= loadLint());
    // Our patterns first: of a connection URL they leave the host, which is evidence; secretlint takes it all.
    const piece = withoutPatterns(capped(text), standIn);
    return withoutRanges(piece, await lint(piece), standIn);
  };
}

type Range = readonly [from: number, to: number];
type Lint = (text: string) => Promise<Range[]>;

/** Secretlint is loaded at the first use: not every process collects. */
async function loadLint(): Promise<Lint> {
  const [{ lintSource }, { creator }, { secretLintProfiler }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
    import('@secretlint/profiler'),
  ]);
  // Its profiler is on by default and keeps marks of every text for as long as the process lives.
  secretLintProfiler.setEnabled(false);
  const id = '@secretlint/secretlint-rule-preset-recommend';
  const config = { rules: [{ id, rule: creator, rules: [], disabled: false }] };
  return async (content) => {
    const { messages } = await lintSource({
      source: { filePath: 'text.txt', ext: '.txt', contentType: 'text', content },
      options: { config, noPhysicFilePath: true },
    });
    return messages.filter(({ type }) => type === 'message').map(({ range }) => range);
  };
}

/** Cut between two words, so that no secret is cut in half and then not known. */
function capped(text: string): string {
  if (text.length <= longest) return text;
  const piece = text.slice(0, longest);
  return piece.slice(0, Math.max(piece.lastIndexOf(' '), piece.lastIndexOf('\n'), 0));
}

function withoutRanges(text: string, ranges: readonly Range[], standIn: StandIn): string {
  let [rest, clean] = [0, ''];
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    if (from >= rest) clean += text.slice(rest, from) + standIn(text.slice(from, to));
    rest = Math.max(rest, to);
  }
  return clean + text.slice(rest);
}

function withoutPatterns(text: string, standIn: StandIn): string {
  return [...patterns, [assignment, `$1${redacted}`] as const].reduce(
    (left, [pattern, replacement]) => replaced(left, pattern, replacement, standIn),
    text,
  );
}

/** Replaces each match as `replacement` says, with the stand-in of its secret where that has `redacted`. */
function replaced(text: string, pattern: RegExp, replacement: string, standIn: StandIn): string {
  const [before = '', after = ''] = replacement.split(redacted);
  return text.replace(pattern, (match: string, ...groups: unknown[]) => {
    const kept = before.replaceAll(/\$(\d)/g, (_, number: string) => String(groups[Number(number) - 1]));
    return kept + standIn(match.slice(kept.length, match.length - after.length)) + after;
  });
}
