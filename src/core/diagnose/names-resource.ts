/** Whether a text names a resource by its short name: as a whole word, or as the last part of its full name. */
export function namesResource(text: string | undefined, name: string): boolean {
  if (text === undefined) return false;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const edges = [text[at - 1] ?? ' ', text[at + name.length] ?? ' '];
    if (edges.every((edge) => !/[\w-]/.test(edge))) return true;
  }
  return false;
}
