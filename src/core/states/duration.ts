const secondsPerUnit = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Seconds of a duration as the configuration writes it (`30m`); NaN for any other text. */
export function durationSeconds(duration: string): number {
  const match = /^(\d+)([smhd])$/.exec(duration);
  const unit = match?.[2];
  if (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd') return Number.NaN;
  return Number(match?.[1]) * secondsPerUnit[unit];
}
