import { composeCriteria } from '../core/compose/criteria.ts';
import { part } from './part.ts';

/** `/sitrep criteria`. */
export const criteria = part({
  name: 'criteria',
  usage: '/sitrep criteria [ENVIRONMENT]',
  role: 'triage',
  postsOnly: true,
  summary: 'Reads the infrastructure and posts how each success criterion and escalation rule stands.',
  examples: ['/sitrep criteria'],
  accepts: (words) => words.length <= 1,
  environment: ([word]) => word,
  compose: composeCriteria,
});
