/**
 * The second wall against secrets. Collectors have redacted what they read already; what came from elsewhere,
 * or slipped through, is taken out here before it is cut or shown. Every pattern is bounded, and none starts
 * twice in one run of characters, so the work is linear in practice (texts are capped before).
 */

const hidden = '[redacted]';

/** A whole match is a secret. */
const whole: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,20480}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
  /(?<![\w-])eyJ[\w-]{5,8000}\.[\w-]{5,8000}(?:\.[\w-]{0,8000})?/g,
  /(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{16,255}|github_pat_\w{22,255})/g,
  /(?<!\w)(?:AIza[\w-]{30,60}|GOCSPX-[\w-]{20,60}|ya29\.[\w.-]{10,2000})/g,
  /(?<!\w)(?:AKIA|ASIA)[A-Z0-9]{16}(?!\w)/g,
  /(?<!\w)xox[abeoprs]-[\w-]{10,300}/g,
  /(?<!\w)(?:sk|rk|pk)[-_](?:live|test|ant|proj)[-_][\w-]{10,300}/g,
  /(?<!\w)(?:npm_[A-Za-z0-9]{30,60}|glpat-[\w-]{16,60}|SG\.[\w-]{16,40}\.[\w-]{16,60})/g,
  /(?<=hooks\.slack\.com\/services\/)[\w/]{10,200}/g,
];

/** What stands before the secret stays: it says what was hidden. */
const named: readonly RegExp[] = [
  /(?<=(?<!\w)(?:bearer|basic)\s{1,4})(?=[\w.~+/=-]{0,200}[\d=])[\w.~+/=-]{8,4000}/gi,
  /(?<=[a-z0-9+.-]:\/\/)[^\s/@:'"]{0,200}:[^\s@'"]{1,400}(?=@)/gi,
  /(?<=(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|credentials?)[\w-]{0,20}["']?\s{0,3}=\s{0,3})(?:"[^"\n]{1,500}"|'[^'\n]{1,500}'|[^\s"',;&)]{1,500})/gi,
  /(?<=(?:password|passwd|pwd|passphrase|api[_-]?key|private[_-]?key|access[_-]?key|client[_-]?secret|token)["']?\s{0,3}:\s{0,3})(?:"[^"\n]{1,500}"|'[^'\n]{1,500}'|[^\s"',;&)]{6,500})/gi,
  /(?<=authorization["']?\s{0,3}[:=]\s{0,3}["']?)(?!bearer\b|basic\b)[^\s"',;]{6,4000}/gi,
];

/** The text with every known form of a secret replaced. */
export function withoutSecrets(text: string): string {
  return [...whole, ...named].reduce((rest, pattern) => rest.replaceAll(pattern, hidden), text);
}
