/** What is needed of the process to hear signals. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Those that leave the terminal to the shell: Ctrl-Z does it for a while. */
const leaving = [...signals, 'SIGTSTP'] as const;

/** Ctrl-C below npm comes twice, from the terminal and from npm: what follows so soon is the same wish. */
const sameWishMs = 1_000;

/** What is put right before the process ends in the midst of its work. */
export interface Endings {
  /** Calls `restore` before a signal ends or stops the process, which it does then as if nobody had heard it. */
  before(restore: () => void): () => void;
  /** Calls all that there are, before a fault ends the process. */
  restore(): void;
}

/** Hears signals only while there is something to put right; `endNow` has their own effect. */
export function openEndings(source: SignalSource, endNow: (signal: NodeJS.Signals) => void): Endings {
  const restores = new Set<() => void>();
  const hear = (signal: NodeJS.Signals) => {
    restore();
    endNow(signal);
  };
  const letGo = (one: () => void) => {
    if (restores.delete(one) && restores.size === 0) for (const signal of leaving) source.off(signal, hear);
  };
  const restore = () => {
    for (const one of restores) {
      letGo(one);
      one();
    }
  };
  return {
    before(one) {
      if (restores.size === 0) for (const signal of leaving) source.on(signal, hear);
      restores.add(one);
      return () => letGo(one);
    },
    restore,
  };
}

/**
 * Resolves at the first SIGINT or SIGTERM. From a second later on one more of them has its effect at once, through
 * `endNow`: who asks twice does not want to wait.
 */
export function interruption(
  source: SignalSource,
  { now, endNow }: { now: () => number; endNow: (signal: NodeJS.Signals) => void },
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let firstAt: number | null = null;
  const hear = (signal: NodeJS.Signals) => {
    if (firstAt === null) {
      firstAt = now();
      resolve();
    } else if (now() - firstAt >= sameWishMs) {
      for (const one of signals) source.off(one, hear);
      endNow(signal);
    }
  };
  for (const one of signals) source.on(one, hear);
  return promise;
}
