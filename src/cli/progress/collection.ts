import type { CollectWatch } from '../../collectors/collect.ts';
import { readsCounted } from '../../core/compose/reading.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Progress } from './progress.ts';
import { openSources } from './sources.ts';
import { sourceLine, totalsLine, waitingWords, type Totals } from './words.ts';

/** Shows a collection: a line for each source that has answered, what is waited for, and what it came to. */
export function watchCollection(
  { paint, tell, wait }: Progress,
  now: () => Date,
  indent = '',
): Required<CollectWatch> {
  const begun = now().getTime();
  const since = () => Math.max(0, now().getTime() - begun);
  let sources = openSources([]);
  const showWaiting = () => wait((room) => waitingWords(since(), sources.waiting(), room));
  return {
    onPlan(reads) {
      sources = openSources(reads);
      showWaiting();
    },
    onRead(read) {
      const result = sources.ended(read, since());
      if (result === null) return;
      showWaiting();
      tell(`${indent}${sourceLine(result, paint)}`);
    },
    onEnd: (snapshot) => tell(`${indent}${totalsLine(totalsOf(snapshot), since(), paint)}`),
  };
}

/** What a collection came to. */
export function totalsOf(snapshot: Snapshot): Totals {
  return { reads: readsCounted(snapshot), gaps: snapshot.gaps.map(({ reason }) => reason) };
}
