import type { CollectWatch } from '../../collectors/collect.ts';
import { repositoryId } from '../../core/repository-id.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { visible } from '../../templates/neutralise-characters.ts';
import { totalsOf, watchCollection } from './collection.ts';
import type { Progress } from './progress.ts';
import {
  counted,
  doingWords,
  meanwhileWords,
  samplesWords,
  totalsLine,
  type Meanwhile,
  type Totals,
} from './words.ts';

/** A step of a script, for those who look on. */
interface Step {
  /** From 1. */
  index: number;
  of: number;
  words: string;
  /** How many times the clock is moved on in it. */
  moves: number;
}

/** Shows the play of a script. */
export interface PlayProgress {
  onStep(step: Step): void;
  onClock(at: Date): void;
  onCollection(light: boolean): CollectWatch;
  onNote(words: string): void;
  /** Tells what the whole came to. */
  finish(): void;
}

/** What is below a step stands so far in. */
const indent = '  ';

/** Lines that a wait has at most where nothing can be drawn anew: it may be of days. */
const linesOfWait = 4;

const nothing = { samples: 0, lacking: 0, looks: 0 };

/**
 * Below each step what it caused. Of what the app reads by itself while the clock goes on there are counts only, and the
 * time that the clock has reached: a wait of a day holds 1,440 samples and 144 looks.
 */
export function watchPlay(progress: Progress, now: () => Date): PlayProgress {
  const { paint, tell, wait } = progress;
  const begunAt = now().getTime();
  let stepAt = begunAt;
  let step: Step | null = null;
  let at: Date | null = null;
  let moved = 0;
  let told = 0;
  let counts = { ...nothing };
  let inStep = noTotals();
  const all = { ...noTotals(), ...nothing };
  const since = (from: number) => Math.max(0, now().getTime() - from);
  const meanwhile = (clock: Date): Meanwhile => ({ ...counts, at: clock });
  const doing = (words: () => string) => wait((room) => doingWords(since(stepAt), words(), room));

  doing(() => 'starting the stand-ins and the app');

  /** Tells what is to be told of the step before, when the next one begins or none is left. */
  function endStep(): void {
    if (at !== null) tellWait(at, true);
    else if (counts.samples > 0) tell(`${indent}${samplesWords(counts.samples, counts.lacking)}`);
    all.samples += counts.samples;
    all.lacking += counts.lacking;
    all.looks += counts.looks;
  }

  function tellWait(clock: Date, isOver: boolean): void {
    const came =
      isOver && counts.looks > 0 ? ` · ${totalsLine(inStep, since(stepAt), paint)}` : ` · ${secondsOf()}`;
    tell(`${indent}${meanwhileWords(meanwhile(clock))}${isOver ? came : ''}`);
  }

  const secondsOf = () => `${(since(stepAt) / 1_000).toFixed(1)} s`;

  /** A wait that cannot be drawn anew is told at each quarter of it. */
  function tellQuarter(clock: Date, moves: number): void {
    const quarters = Math.floor((moved * linesOfWait) / moves);
    if (progress.animated || quarters === told) return;
    told = quarters;
    tellWait(clock, false);
  }

  return {
    onStep(next) {
      if (step !== null) endStep();
      step = next;
      stepAt = now().getTime();
      [at, moved, told, counts, inStep] = [null, 0, 0, { ...nothing }, noTotals()];
      tell(`${String(next.index)}/${String(next.of)} ${visible(next.words)}`);
      doing(() => 'waiting for the app');
    },
    onClock(clock) {
      if (at !== null) tellQuarter(at, step?.moves ?? 1);
      at = clock;
      moved += 1;
      doing(() => meanwhileWords(meanwhile(at ?? clock)));
    },
    onCollection(light) {
      if (light) return { onEnd: noteSample };
      const shown = at === null ? watchCollection(progress, now, indent) : null;
      return {
        onPlan(reads) {
          shown?.onPlan(reads);
          // What became of an earlier fix is asked of the repository alone, for the look that is under way.
          if (reads.some(({ components }) => components.some((id) => id !== repositoryId))) counts.looks += 1;
        },
        onRead: (read) => shown?.onRead(read),
        onEnd(snapshot) {
          shown?.onEnd(snapshot);
          if (shown !== null) doing(() => 'waiting for the app');
          add(inStep, snapshot);
          add(all, snapshot);
        },
      };
    },
    onNote: (words) => tell(visible(words)),
    finish() {
      if (step !== null) endStep();
      const reading = [
        counted(all.looks, 'look'),
        ...(all.samples === 0 ? [] : [samplesWords(all.samples, all.lacking)]),
      ];
      tell(`${reading.join(', ')} · ${totalsLine(all, since(begunAt), paint)}`);
    },
  };

  function noteSample({ gaps }: Snapshot): void {
    counts.samples += 1;
    if (gaps.length > 0) counts.lacking += 1;
  }
}

interface Summed extends Totals {
  gaps: Totals['gaps'][number][];
}

function noTotals(): Summed {
  return { reads: { ok: 0, all: 0 }, gaps: [] };
}

function add(sum: Summed, snapshot: Snapshot): void {
  const { reads, gaps } = totalsOf(snapshot);
  sum.reads = { ok: sum.reads.ok + reads.ok, all: sum.reads.all + reads.all };
  sum.gaps.push(...gaps);
}
