import { githubResources } from './catalogue.ts';

type Resource = (typeof githubResources)[number];

/** What GitHub said last of the requests that each installation has left; of each only until its hour is over. */
export interface RequestsLeft {
  /** Notes what an answer's headers say. */
  note(installationId: number, headers: Readonly<Record<string, string | number | undefined>>): void;
  /** The fewest of any installation, by resource; a resource of which nothing is known is left out. */
  least(): { resource: Resource; left: number }[];
}

/** Installations that are remembered, at most: those that asked last. */
const mostKept = 1_000;

/** Remembers in this process (docs.github.com, "Rate limits for the REST API", headers). */
export function openRequestsLeft(now: () => Date): RequestsLeft {
  const known = new Map<string, { resource: Resource; left: number; until: number }>();
  return {
    note(installationId, headers) {
      const left = numberIn(headers['x-ratelimit-remaining']);
      const until = numberIn(headers['x-ratelimit-reset']);
      if (left === null || until === null) return;
      const named = headers['x-ratelimit-resource'];
      const resource = githubResources.find((one) => one === named) ?? 'other';
      const key = `${String(installationId)} ${resource}`;
      known.delete(key);
      known.set(key, { resource, left, until: until * 1_000 });
      const [oldest] = known.keys();
      if (known.size > mostKept && oldest !== undefined) known.delete(oldest);
    },
    least() {
      const at = now().getTime();
      const least = new Map<Resource, number>();
      for (const { resource, left, until } of known.values())
        if (until > at) least.set(resource, Math.min(left, least.get(resource) ?? Infinity));
      return [...least].map(([resource, left]) => ({ resource, left }));
    },
  };
}

function numberIn(header: string | number | undefined): number | null {
  const value = Number(header ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}
