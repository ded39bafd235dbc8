import type { Sentence } from './read.ts';

const percent = String.raw`(\d{1,3}(?:\.\d{1,3})?)\s?%`;
const patterns = [
  // `Service availability is 0 %`, `Availability: 0%`
  new RegExp(
    String.raw`^(?:the |our |overall |total |current ){0,2}(?:services? |system |staging )?availability ?(?:is|is now|at|=|:)\s?(?:now |at |still ){0,2}${percent}`,
    'i',
  ),
  // `Service Recovery Rate: 33%`, `recovery is 33 %`
  new RegExp(
    String.raw`^(?:the |our |overall |total |current ){0,2}(?:services? |system |staging )?recovery(?: rate)? ?(?:is|is now|=|:)\s?(?:now |at |still ){0,2}${percent}`,
    'i',
  ),
  // `33% Service Recovery demonstrates`, `33 % of the services are operational`
  new RegExp(
    String.raw`^(?:only )?${percent} (?:service recovery\b|availability\b|of (?:the |our |all |core ){0,2}services (?:are |is )?(?:up|operational|healthy|recovered|available)\b)`,
    'i',
  ),
];

// `All services are healthy`, `Everything is down`
const whole =
  /^(?:all (?:the |our |core )?(?:services|endpoints) are|everything is)(?: now| again| still| fully){0,2} (?:(healthy|operational|up|working|back to normal)|down|unavailable|offline)\b/i;

/** A part of all that a sentence says is available, from 0 to 1. */
export interface StatedShare {
  share: number;
  written: string;
}

/** What a sentence that begins with the availability of all, or with how much of it has recovered, says; else null. */
export function shareSaid({ text }: Sentence): StatedShare | null {
  const all = whole.exec(text);
  if (all) return { share: all[1] === undefined ? 0 : 1, written: all[0] };
  const found = patterns.map((pattern) => pattern.exec(text)?.[1]).find((value) => value !== undefined);
  const part = Number(found) / 100;
  return found === undefined || part > 1 ? null : { share: part, written: `${Number(found)} %` };
}
