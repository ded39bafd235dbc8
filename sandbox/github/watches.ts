import type { AwaitedRequest } from './types.ts';

/** What is to be done the moment a certain request has come. */
export interface Watches {
  add(awaited: AwaitedRequest, act: () => void): void;
  /** Does what is due for this request, each once. */
  tell(moment: 'arrived' | 'done', method: string, path: string): void;
}

export function createWatches(): Watches {
  const waiting = new Set<{ awaited: AwaitedRequest; act: () => void }>();
  return {
    add: (awaited, act) => void waiting.add({ awaited, act }),
    tell(moment, method, path) {
      for (const watch of waiting) {
        const { awaited, act } = watch;
        const fits =
          moment === (awaited.moment ?? 'arrived') &&
          (awaited.method === undefined || awaited.method === method) &&
          path.includes(awaited.pathIncludes ?? '');
        if (!fits) continue;
        waiting.delete(watch);
        act();
      }
    },
  };
}
