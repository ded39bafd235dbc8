import type { Alternative, Diagnosis, Finding } from '../diagnosis.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Case } from './case.ts';
import { changeListOf } from './change-list.ts';
import { classificationOf, ownerOf } from './classification.ts';
import { identitiesOf } from './identities.ts';
import type { Examination } from './hypotheses.ts';
import type { Hypothesis } from './weighing.ts';
import { statedWhys } from './stated-whys.ts';
import type { WhySaid } from './stated-whys.ts';
import type { Walk } from './walk.ts';

/** What a diagnosis says beside its chain of whys. */
export type BesideChain = Pick<Diagnosis, 'identities' | 'changes' | 'stated' | 'classification' | 'owner'>;

/** What the search came to. */
export interface Searched {
  root: Diagnosis['root'];
  findings: readonly Finding[];
  alternatives: readonly Alternative[];
  examination: Examination;
  said: readonly WhySaid[];
  /** The root as the measurements alone have it; null where they have none. */
  measured: Hypothesis | null;
}

/** The resources behind the names, the changes, what people said, what kind of trouble it is, and who takes it on. */
export function besideChain(found: Case, way: Walk, result: Searched, snapshot: Snapshot): BesideChain {
  const { root, findings, examination } = result;
  const now = snapshot.takenAt;
  const classification = way.entries.length === 0 ? null : classificationOf({ root, findings });
  return {
    identities: identitiesOf(found),
    changes: changeListOf(found, way, examination.hypotheses, snapshot.previous),
    stated: statedWhys({ ...result, now }),
    classification,
    owner: classification && ownerOf(found.configuration, root, classification.kind),
  };
}
