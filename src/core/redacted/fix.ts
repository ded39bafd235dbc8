import type { EarlierFix } from '../regression/fix.ts';

/** What became of the fix of an earlier incident: its pull request by its number, and how it stands. */
export function redactedFix(fix: EarlierFix): EarlierFix {
  return { ...fix, pullRequest: fix.pullRequest && { ...fix.pullRequest, title: '' }, why: null };
}
