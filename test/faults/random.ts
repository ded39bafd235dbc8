/** A source of randomness that gives the same again for the same seed. */
export interface Random {
  /** From 0 up to, and without, 1. */
  fraction(): number;
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  /** @throws where there is nothing to pick from */
  pick<T>(items: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
  /** A source of its own: what one lane draws does not depend on how fast another is. */
  fork(): Random;
}

/** Mulberry32: small, and even enough to choose moments with. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(fraction() * limit);
  return {
    fraction,
    below,
    chance: (probability) => fraction() < probability,
    pick<T>(items: readonly T[]): T {
      const index = below(items.length);
      const [picked] = items.slice(index, index + 1);
      if (picked === undefined) throw new Error('There is nothing to pick from');
      return picked;
    },
    shuffled(items) {
      return items
        .map((item) => ({ item, rank: fraction() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ item }) => item);
    },
    fork: () => createRandom(below(2 ** 32)),
  };
}
