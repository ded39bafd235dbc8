/** A step of the tree: the steps by the next character, and whether a name ends here. */
interface Step {
  readonly next: Map<string, Step>;
  name: string | null;
}

/**
 * Makes a function that finds which of many names a text holds, wherever in it. It goes once along the text, and not
 * once for each name.
 */
export function nameFinder(names: Iterable<string>): (text: string) => Set<string> {
  const root: Step = { next: new Map(), name: null };
  for (const name of names) {
    let step = root;
    for (const character of name.split('')) {
      const next = step.next.get(character) ?? { next: new Map<string, Step>(), name: null };
      step.next.set(character, next);
      step = next;
    }
    step.name = name;
  }
  return (text) => {
    const found = new Set<string>();
    for (let start = 0; start < text.length; start += 1) {
      let step = root.next.get(text.charAt(start));
      for (let at = start + 1; step; at += 1) {
        if (step.name !== null) found.add(step.name);
        step = step.next.get(text.charAt(at));
      }
    }
    return found;
  };
}
