import type { Missing } from '../diagnosis.ts';
import { dependenciesOf } from '../graph.ts';
import type { Case } from './case.ts';
import { describeQuery, seriesToRead } from './queries.ts';
import { openDependencies } from './service-dependencies.ts';
import { symptomOf } from './service-links.ts';
import { code } from './wording.ts';

/** What would decide on a service that the walk came to: the dependencies that are not ruled out, then itself. */
export function missingOfService(found: Case, id: string): [Missing, ...Missing[]] {
  const symptom = symptomOf(found, id) ?? 'latency';
  const word = symptom === 'latency' ? 'slower' : 'failing';
  const open = openDependencies(found, id, symptom).map((to): Missing => ({
    wouldDecide: `whether ${code(to)} is what makes ${code(id)} ${word}`,
    command: describeQuery(found.configuration, to),
  }));
  const alone = dependenciesOf(found.graph, id).length === 0;
  const own: Missing = {
    wouldDecide: `why ${code(id)} itself is ${word}${alone ? '' : ', if no dependency accounts for it'}`,
    command: seriesToRead(id, 'CPU, memory, restarts and deployments'),
  };
  const [first, ...rest] = [...open, own];
  return first ? [first, ...rest] : [own];
}
