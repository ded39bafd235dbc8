import { parseEnv } from 'node:util';

/** The file of variables in the working directory. */
export const envFileName = '.env';

/** The variables of a `.env` file, without those that the environment has: what is set there wins. */
export function missingVariables(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const entries = Object.entries(parseEnv(text)).flatMap(([name, value]): [string, string][] =>
    value === undefined || environment[name] !== undefined ? [] : [[name, value]],
  );
  return Object.fromEntries(entries);
}

/** The text of a `.env` file with these variables in it; all other lines stay as they are. */
export function withVariables(text: string, variables: Readonly<Record<string, string>>): string {
  const names = new Set(Object.keys(variables));
  const kept = text.split('\n').filter((line) => {
    const [, name = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line) ?? [];
    return !names.has(name);
  });
  const before = kept.join('\n').trimEnd();
  const added = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`);
  return `${before === '' ? '' : `${before}\n`}${added.join('\n')}\n`;
}

/** One line, as `parseEnv` reads it: in double quotes `\n` is a line break. */
function quoted(value: string): string {
  if (/^[\w@%+:,./-]*$/.test(value)) return value;
  if (value.includes('"') || value.includes('\\'))
    throw new Error('the value holds a quotation mark or a backslash, which .env cannot hold');
  return `"${value.replaceAll('\n', '\\n')}"`;
}
