import { withoutRanges, type Range, type StandIn } from '../core/secrets/ranges.ts';
import { withoutSecrets } from '../core/secrets/without-secrets.ts';

/** What stands where a secret stood. */
export const redacted = 'redacted';

/** Longest text that is looked at, in characters; what is beyond is dropped, not passed on unseen. */
const longest = 20_000;

/**
 * Gives a function that takes secrets out of a text: by our own list, then by secretlint's recommended rules.
 * `standIn` says what is put in their place.
 */
export function createRedactor(standIn: StandIn = () => redacted): (text: string) => Promise<string> {
  let linting: Promise<Lint> | null = null;
  return async (text) => {
    const lint = await (linting ??= loadLint());
    // Our own first: of a connection URL they leave the host, which is evidence; secretlint takes it all.
    const piece = withoutSecrets(capped(text), standIn);
    return withoutRanges(piece, await lint(piece), standIn);
  };
}

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
