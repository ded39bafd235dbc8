import type { Configuration } from '../config/repository.schema.ts';
import { columnMinutes } from '../core/diagrams/trend-columns.ts';
import { durationOf } from '../core/figures.ts';
import { drawnFigures, type TakenSample } from '../core/samples.ts';
import { samplesSince, worstSamples } from '../store/samples.ts';
import type { Shared } from './command-deps.ts';
import { readsKey } from './reads-key.ts';

/** What is judged over time: the last hour, and longer where a criterion has to hold for longer. */
const shownMs = 3_600_000;
/** The newest of a series; of five minutes of more than two hours ago there are two at most. */
const mostSamples = 240;

/** The samples of an incident that asked what the configuration asks, the oldest first, as far back as they are judged. */
export async function recentSamples(
  { store, now }: Pick<Shared, 'store' | 'now'>,
  incidentId: string,
  configuration: Configuration,
): Promise<TakenSample[]> {
  const spans = configuration.success_criteria.map((criterion) => durationOf(criterion.for ?? '') ?? 0);
  const since = new Date(now().getTime() - Math.max(shownMs, ...spans));
  return await samplesSince(store.db, incidentId, {
    reads: readsKey(configuration),
    since,
    limit: mostSamples,
  });
}

/**
 * The samples before those, since the declaration: of each column of a chart the worst one, with the figures that are
 * drawn. Nothing is judged by them.
 */
export async function earlierSamples(
  { store, now }: Pick<Shared, 'store' | 'now'>,
  { id, declaredAt }: { id: string; declaredAt: Date },
  configuration: Configuration,
  recent: readonly TakenSample[],
): Promise<TakenSample[]> {
  const before = new Date(recent[0]?.at ?? now());
  if (declaredAt >= before) return [];
  const found = await worstSamples(store.db, id, {
    reads: readsKey(configuration),
    from: declaredAt,
    before,
    widthS: 60 * columnMinutes(declaredAt.getTime(), now().getTime()),
  });
  return found.map((sample) => drawnFigures(sample, configuration));
}
