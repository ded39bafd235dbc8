/** What is needed of the process to hear signals. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Ctrl-C below npm comes twice, from the terminal and from npm: what follows so soon is the same wish. */
const sameWishMs = 1_000;

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
