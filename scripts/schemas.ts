import { z } from 'zod';
import { diagnosisSchema } from '../src/core/diagnosis.ts';
import { snapshotSchema } from '../src/core/snapshot.ts';
import { viewModels } from '../src/core/view-model/kinds.ts';

/** The JSON Schemas of the shapes that others may rely on; `scripts/derive.ts` writes them. */

/** Of what `sitrep collect` writes. Fields may be added: readers must let unknown ones pass. */
export function snapshotJsonSchema(): Record<string, unknown> {
  return shapeOf(snapshotSchema, 'Snapshot of Sitrep: what sitrep collect writes');
}

/** Of what `sitrep diagnose --json` prints. Fields may be added: readers must let unknown ones pass. */
export function diagnosisJsonSchema(): Record<string, unknown> {
  return shapeOf(diagnosisSchema, 'Diagnosis of Sitrep: what sitrep diagnose --json prints');
}

/** Of what templates of repositories get to see, of any kind. Fields may be added. */
export function templatesJsonSchema(): Record<string, unknown> {
  return shapeOf(
    z.union([...viewModels.values()]),
    'View models of Sitrep: what a template gets to see, by kind',
  );
}

function shapeOf(schema: z.ZodType, title: string): Record<string, unknown> {
  return { ...z.toJSONSchema(schema, { io: 'input' }), title };
}
