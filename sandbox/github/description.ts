import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ownFile } from '../../src/own-files.ts';

/**
 * GitHub's description of its API, trimmed by `scripts/descriptions.ts` to what the stand-in answers, with the
 * routes of all other operations by name.
 */

const schema = z.record(z.string(), z.unknown());
const content = z.record(z.string(), schema);

const descriptionSchema = z.strictObject({
  source: z.record(z.string(), z.string()),
  operations: z.record(
    z.string(),
    z.strictObject({
      method: z.string(),
      path: z.string(),
      parameters: z.array(
        z.strictObject({
          name: z.string(),
          in: z.enum(['path', 'query', 'header']),
          required: z.boolean(),
          multiSegment: z.boolean(),
          schema,
        }),
      ),
      body: z.strictObject({ required: z.boolean(), content }).nullable(),
      responses: z.record(z.string(), content),
    }),
  ),
  others: z.record(z.string(), z.string()),
  webhooks: z.record(z.string(), schema),
  schemas: z.record(z.string(), schema),
});

export type Description = z.infer<typeof descriptionSchema>;
export type DescribedOperation = Description['operations'][string];
export type JsonSchema = z.infer<typeof schema>;

const file = ownFile('sandbox/descriptions/github.json');

/** The committed description. */
export function readDescription(): Description {
  return descriptionSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
