import { composeFiveWhys } from '../core/compose/five-whys.ts';
import { part } from './part.ts';

/** `/sitrep whys`. */
export const whys = part({
  name: 'whys',
  usage: '/sitrep whys [ENVIRONMENT]',
  role: 'triage',
  postsOnly: true,
  summary: 'Reads the infrastructure and posts the chain of whys, the alternatives and what would decide.',
  examples: ['/sitrep whys'],
  accepts: (words) => words.length <= 1,
  environment: ([word]) => word,
  compose: composeFiveWhys,
});
