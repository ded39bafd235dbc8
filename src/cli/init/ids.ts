/** Gives out ids of components: each once, made of the name that it has at Google. */
export function openIds(taken: readonly string[] = []): (name: string, kind: string) => string {
  const used = new Set(taken);
  return (name, kind) => {
    const plain = asId(name);
    const candidates = [plain, asId(`${plain.slice(0, 49 - kind.length)}-${kind}`)];
    const id = candidates.find((one) => !used.has(one)) ?? numbered(plain, used);
    used.add(id);
    return id;
  };
}

/** A lower-case letter, then letters, digits and hyphens, 50 at most: what the configuration takes as an id. */
function asId(name: string): string {
  const clean = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 50)
    .replace(/-+$/, '');
  return clean === '' ? 'component' : clean;
}

function numbered(plain: string, used: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) {
    const id = `${plain.slice(0, 45)}-${String(number)}`;
    if (!used.has(id)) return id;
  }
}
