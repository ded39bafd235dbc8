/** All evidence ids that a view model cites. */
export function citedIds(model: unknown): Set<string> {
  const found = new Set<string>();
  const open: unknown[] = [model];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (Array.isArray(part)) open.push(...part);
    else if (part !== null && typeof part === 'object') {
      if ('as' in part && part.as === 'cite' && 'ids' in part && Array.isArray(part.ids)) {
        for (const id of part.ids) found.add(String(id));
      }
      open.push(...Object.values(part).filter((value) => value !== undefined));
    }
  }
  return found;
}
