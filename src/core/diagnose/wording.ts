/** A foreign value inside a sentence: one line in a code span, cut to a readable length. */
export function code(text: string): string {
  const line = text.replaceAll(/[`\s]+/g, ' ').trim();
  return `\`${line.length > 120 ? `${line.slice(0, 119)}…` : line}\``;
}

/** The id of a journey as people say it: `golden path`, `checkout journey`. */
export function spokenJourney(id: string): string {
  const words = id.replaceAll('-', ' ');
  return /(?:path|journey|flow|way)$/.test(words) ? words : `${words} journey`;
}

/** Hour and minute of an instant in UTC, with the day where it is not that of `now`. */
export function clock(instant: string, now: string): string {
  const day = instant.slice(0, 10);
  return `${day === now.slice(0, 10) ? '' : `${day} `}${instant.slice(11, 16)}`;
}

/** As `clock`, of milliseconds since 1970. */
export function clockOf(milliseconds: number, now: string): string {
  return Number.isFinite(milliseconds) ? clock(new Date(milliseconds).toISOString(), now) : 'an unknown time';
}

/** A length of time in its largest fitting unit, rounded: `3 min`, `2 h`, `6 d`. */
export function span(milliseconds: number): string {
  const minutes = Math.max(1, Math.round(milliseconds / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2_880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1_440)} d`;
}

/** Names in a row: `a`, `a` and `b`, `a`, `b` and `c`. */
export function list(names: readonly string[]): string {
  const quoted = names.map(code);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} and ${last}`;
}
