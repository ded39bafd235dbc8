import { composeBrief } from '../core/compose/brief.ts';
import { part } from './part.ts';

/** `/sitrep brief`. */
export const brief = part({
  name: 'brief',
  usage: '/sitrep brief [ENVIRONMENT]',
  role: 'triage',
  postsOnly: true,
  summary: 'Reads the infrastructure and posts the state in eight lines at most.',
  examples: ['/sitrep brief'],
  accepts: (words) => words.length <= 1,
  environment: ([word]) => word,
  compose: composeBrief,
});
