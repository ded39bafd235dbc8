import type { GitHubStandIn } from './github/types.ts';
import type { GoogleStandIn } from './google/server.ts';
import type { FaultSwitches } from './page/port.ts';

/** Faults that a person switches on and off while the sandbox runs. */

/** Ways to fail that both stand-ins know. */
const ways = ['unavailable', 'denied', 'quota', 'hang', 'html-502', 'lie'] as const;
type Way = (typeof ways)[number];

/** Breaks something; what it gives mends it. */
type Break = (way: Way) => () => void;

interface Breakable {
  id: string;
  what: string;
  break: Break;
}

/** The switches of one sandbox, all off. */
export function createSwitches(
  github: Pick<GitHubStandIn, 'inject'>,
  google: Pick<GoogleStandIn, 'inject'>,
  issue: number,
): FaultSwitches {
  const googleApi =
    (api: string): Break =>
    (kind) =>
      google.inject({ api, kind });
  const breakables: Breakable[] = [
    { id: 'logging', what: 'Logging API', break: googleApi('logging.googleapis.com') },
    { id: 'monitoring', what: 'Monitoring API', break: googleApi('monitoring.googleapis.com') },
    { id: 'run', what: 'Cloud Run API', break: googleApi('run.googleapis.com') },
    { id: 'sql', what: 'Cloud SQL API', break: googleApi('sqladmin.googleapis.com') },
    { id: 'comments', what: 'GitHub comments', break: (kind) => breakComments(github, issue, kind) },
  ];
  const broken = new Map<string, { way: Way; mend: () => void }>();
  return {
    list: () => breakables.map(({ id, what }) => ({ id, what, ways, failing: broken.get(id)?.way ?? null })),
    set(id, wanted) {
      const breakable = breakables.find((one) => one.id === id);
      const way = ways.find((one) => one === wanted) ?? null;
      if (!breakable || (way === null && wanted !== null))
        throw new Error(`nothing is called ${id} that could fail with ${String(wanted)}`);
      broken.get(id)?.mend();
      broken.delete(id);
      if (way !== null) broken.set(id, { way, mend: breakable.break(way) });
    },
  };
}

/** New comments on the issue, and edits of comments. Reading, labels and reactions go on. */
function breakComments(github: Pick<GitHubStandIn, 'inject'>, issue: number, kind: Way): () => void {
  const mend = [
    github.inject({
      kind,
      method: 'POST',
      pathIncludes: `/issues/${String(issue)}/comments`,
      times: Infinity,
    }),
    github.inject({ kind, method: 'PATCH', pathIncludes: '/issues/comments/', times: Infinity }),
  ];
  return () => mend.forEach((one) => one());
}
