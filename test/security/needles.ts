/** Looks for many secrets at once, in every form in which one may have come through. */
export interface Needles {
  /** Which of them stand in a text: the name of each with the form that was found. */
  foundIn(text: string): string[];
}

/** Shorter pieces may stand anywhere by chance. */
const shortest = 12;

/** The forms of a secret: whole, encoded, and cut in half at a limit of length. */
function formsOf(secret: string): [form: string, needle: string][] {
  const half = Math.ceil(secret.length / 2);
  const forms: [string, string][] = [
    ['as it is', secret],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in an address', encodeURIComponent(secret)],
    ['in base64', Buffer.from(secret).toString('base64').replace(/=*$/, '').slice(0, -1)],
    ['its first half', secret.slice(0, half)],
    ['its second half', secret.slice(half)],
  ];
  return forms.filter(([, needle]) => needle.length >= shortest);
}

/** Secrets by what they are and where they were put. */
export function needlesOf(secrets: readonly { name: string; secret: string }[]): Needles {
  const byBeginning = new Map<string, { name: string; needle: string }[]>();
  for (const { name, secret } of secrets)
    for (const [form, needle] of formsOf(secret)) {
      const beginning = needle.slice(0, shortest);
      byBeginning.set(beginning, [
        ...(byBeginning.get(beginning) ?? []),
        { name: `${name}, ${form}`, needle },
      ]);
    }
  return {
    foundIn(text) {
      const found = new Set<string>();
      for (const seen of [text, legible(text)])
        for (let place = 0; place + shortest <= seen.length; place += 1)
          for (const { name, needle } of byBeginning.get(seen.slice(place, place + shortest)) ?? [])
            if (seen.startsWith(needle, place))
              found.add(`${name}: …${seen.slice(Math.max(0, place - 60), place + 20)}…`);
      return [...found];
    },
  };
}

/** As a reader sees a neutralised text: without characters of no width, with its entities decoded. */
function legible(text: string): string {
  return text
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll(/&#(\d{1,7});/g, (_, code: string) => String.fromCodePoint(Number(code)));
}
