/** The hidden line by which a posting is found again on the issue. */
export function postingMarker(id: string): string {
  return `<!-- sitrep:${id} -->`;
}

/** Whether a comment's text is a posting of ours, whoever's token it was posted with. */
export function isPosting(body: string): boolean {
  return /<!-- sitrep:[\da-f-]{36} -->\s*$/u.test(body);
}

/** Whether it is one, also where somebody wrote on behind it. */
export function wasPosting(body: string): boolean {
  return /<!-- sitrep:[\da-f-]{36} -->/u.test(body);
}
