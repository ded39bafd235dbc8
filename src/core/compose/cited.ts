/** An evidence id that a sentence of the diagnosis names. */
const named = /(?<![\w-])E[1-9]\d{0,9}(?![\w-])/g;

/** All evidence ids that a view model cites, those that its sentences name included. */
export function citedIds(model: unknown): Set<string> {
  const found = new Set<string>();
  const open: unknown[] = [model];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (Array.isArray(part)) open.push(...part);
    else if (part !== null && typeof part === 'object') {
      for (const id of idsOf(part)) found.add(id);
      open.push(...Object.values(part).filter((value) => value !== undefined));
    }
  }
  return found;
}

function idsOf(part: object): string[] {
  if (!('as' in part)) return [];
  if (part.as === 'cite' && 'ids' in part && Array.isArray(part.ids)) return part.ids.map(String);
  const isSentence = part.as === 'prose' && 'text' in part && typeof part.text === 'string';
  return isSentence ? [...String(part.text).matchAll(named)].map(([id]) => id) : [];
}
