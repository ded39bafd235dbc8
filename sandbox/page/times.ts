/** `15 Sep, 18:05 UTC`; the whole instant stands in the element's datetime. */
export function shortTime(at: string): string {
  const text = new Date(at).toUTCString(); // Mon, 15 Sep 2025 18:05:00 GMT
  return `${text.slice(5, 11)}, ${text.slice(17, 22)} UTC`;
}

/** `18:05:12`, UTC. */
export function clockTime(at: string): string {
  return new Date(at).toISOString().slice(11, 19);
}

/** `2025-09-15 18:05:12 UTC` */
export function wholeTime(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}
