import type { LogFilterComponent } from '../config/repository.schema.ts';
import { signal } from '../core/signals.ts';
import type { Source, Window } from '../core/snapshot.ts';
import { ofType } from './collector.ts';
import type { GoogleCollector, GoogleContext, Measured } from './collector.ts';
import { withConfiguredQuery } from './configured-query.ts';
import { readEntries } from './log-entries.ts';
import type { LogEntry } from './log-entry.schema.ts';
import { filterString, gcloud, logsLink } from './provenance.ts';

const api = 'logging.googleapis.com';

/** Length of a sample, in characters. */
const sampleLength = 400;

/** Log entries that fit a filter of the configuration: how many in the window and the one before. */
export const logFilter: GoogleCollector = {
  name: 'log-filter',
  kind: 'google',
  api,
  role: 'roles/logging.viewer',
  types: ['log-filter'],
  signals: [
    {
      signal: signal.entries,
      unit: 'entries',
      example: '17',
      meaning:
        'Entries that fit the filter, with first and last time and a redacted sample of the newest; a lower bound where marked partial',
    },
  ],
  reads: (context) =>
    ofType(context.components, 'log-filter').map(({ id, component }) => {
      const { window, before } = context;
      const over = (of: Window) => sourceOf(component, of, context);
      return {
        components: [id],
        signal: signal.entries,
        source: over(window),
        run: async (abort) => {
          // Newest first: what the page cap cuts off is of the window before, unless this one alone is too full.
          const both = { from: before.from, to: window.to };
          const { entries, partial } = await withConfiguredQuery(() =>
            readEntries(filterOf(component, both), context, abort),
          );
          const now = entries.filter(({ at }) => isIn(at, window));
          const then = entries.filter(({ at }) => isIn(at, before));
          const isCut = partial && then.length === 0;
          return {
            observations: [
              await counted(id, now, { window, source: over(window), partial: isCut }, context),
              // Nothing of the window before was read where this one was cut off: that is no 0.
              ...(isCut
                ? []
                : [await counted(id, then, { window: before, source: over(before), partial }, context)]),
            ],
          };
        },
      };
    }),
};

function isIn(at: string, { from, to }: Window): boolean {
  return Date.parse(at) > Date.parse(from) && Date.parse(at) <= Date.parse(to);
}

/** A count with its first and last time and the newest entry; 0 is a measured 0, since the log was read. */
async function counted(
  component: string,
  entries: readonly LogEntry[],
  { partial, ...of }: { window: Window; source: Source; partial: boolean },
  { redact }: GoogleContext,
): Promise<Measured> {
  const [newest] = entries;
  const times = entries.map(({ at }) => at).toSorted();
  const [first, last] = [times[0], times.at(-1)];
  // Redacted first, then cut: a secret must not lose the half by which it is known.
  const text = newest ? (await redact(newest.message)).slice(0, sampleLength) : '';
  return {
    component,
    signal: signal.entries,
    value: String(entries.length),
    unit: 'entries',
    ...of,
    ...(partial ? { partial } : {}),
    ...(text === '' ? {} : { text }),
    ...(first !== undefined && last !== undefined ? { first, last } : {}),
  };
}

/** The filter stands alone in its parentheses; one that may end in a comment, on lines of its own. */
function filterOf({ filter }: LogFilterComponent, { from, to }: Window): string {
  const alone = filter.includes('--') ? `(\n${filter}\n)` : `(${filter})`;
  return `${alone} AND timestamp>${filterString(from)} AND timestamp<=${filterString(to)}`;
}

function sourceOf(component: LogFilterComponent, window: Window, { project }: GoogleContext): Source {
  const filter = filterOf(component, window);
  return {
    api,
    method: 'Entries.List',
    query: filter,
    console: logsLink(filter, window, project),
    command: gcloud('logging read', [filter], { project, order: 'desc', limit: '1000' }),
  };
}
