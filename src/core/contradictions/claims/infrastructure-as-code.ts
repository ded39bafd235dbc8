import type { Sentence } from './read.ts';

/** Whether infrastructure is kept as code, by what a person says. */
export interface StatedCode {
  code: 'maintained' | 'missing';
  written: string;
}

const name = String.raw`(?:infrastructure[- ]as[- ]code|\biac\b|\bterraform(?: state| configuration| config)?\b)`;
const filler = String.raw`(?: (?:is|are|and|state|properly|well|fully|all|being|kept|configuration|everything)){0,4}`;
const maintained = new RegExp(
  String.raw`${name}${filler}:?${filler} (?:maintained|version[- ]controlled|in sync|up[- ]to[- ]date|in place|in step)\b`,
  'i',
);
const missing = new RegExp(
  String.raw`\b(?:missing|no|without|lacking|lack of) (?:any |an |the |proper )?${name}|${name}${filler} (?:missing|absent|lacking|not (?:in place|maintained))\b`,
  'i',
);

/** What a sentence says of infrastructure as code; null where it says nothing, or nothing that is meant as present. */
export function codeSaid({ text, mood, elsewhere, heading }: Sentence): StatedCode | null {
  const { unreal, aside, past, longAgo } = mood;
  if (heading || elsewhere || unreal || aside || past || longAgo) return null;
  const absent = missing.exec(text)?.[0];
  if (absent !== undefined) return { code: 'missing', written: absent };
  const kept = mood.denied ? undefined : maintained.exec(text)?.[0];
  return kept === undefined ? null : { code: 'maintained', written: kept };
}
