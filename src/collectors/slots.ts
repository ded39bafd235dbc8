import { raced } from './read-failure.ts';

/** Places for reads that are under way. */
export interface Slots {
  /** Waits for a place among those for a host, first come, first served. What it gives frees the place. */
  take(host: string, signal: AbortSignal): Promise<() => void>;
}

/** Opens so many places for each host: an API that hangs holds up none of the others. */
export function openSlots(perHost: number): Slots {
  const hosts = new Map<string, { free: number; queue: (() => void)[] }>();

  return {
    async take(host, signal) {
      const places = hosts.get(host) ?? { free: perHost, queue: [] };
      hosts.set(host, places);
      const release = () => {
        const next = places.queue.shift();
        if (next === undefined) places.free += 1;
        else next();
      };
      if (places.free > 0) {
        places.free -= 1;
        return release;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      places.queue.push(resolve);
      try {
        await raced(promise, signal);
      } catch (error) {
        const place = places.queue.indexOf(resolve);
        // Its turn had come just then: it goes to the next one.
        if (place === -1) release();
        else places.queue.splice(place, 1);
        throw error;
      }
      return release;
    },
  };
}
