import { z } from 'zod';

/** The answer of `timeSeries.list` (google.monitoring.v3), parsed into our own types. */

const wholeText = z.string().regex(/^-?\d{1,19}$/);
const whole = z.union([wholeText, z.number()]).transform(Number);

/** Proto JSON writes what is no number as text; such a point is left out. */
const fraction = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]).transform(Number);

const bucketOptions = z.object({
  linearBuckets: z
    .object({
      numFiniteBuckets: z.number().default(0),
      width: z.number().default(0),
      offset: z.number().default(0),
    })
    .optional(),
  exponentialBuckets: z
    .object({
      numFiniteBuckets: z.number().default(0),
      growthFactor: z.number().default(0),
      scale: z.number().default(0),
    })
    .optional(),
  explicitBuckets: z.object({ bounds: z.array(z.number()).default([]) }).optional(),
});

const distribution = z.object({
  count: whole.default(0),
  mean: fraction.default(0),
  sumOfSquaredDeviation: fraction.default(0),
  bucketOptions: bucketOptions.optional(),
  bucketCounts: z.array(whole).default([]),
});

const milliseconds = z
  .string()
  .transform((text) => Date.parse(text))
  .refine((value) => Number.isFinite(value), 'not a time');

const interval = z
  .object({ startTime: milliseconds.optional(), endTime: milliseconds })
  .transform(({ startTime, endTime }) => ({ start: startTime ?? endTime, end: endTime }));

const point = z.object({
  interval,
  value: z.object({
    int64Value: whole.optional(),
    doubleValue: fraction.optional(),
    boolValue: z.boolean().optional(),
    distributionValue: distribution.optional(),
  }),
});

const labels = z.record(z.string(), z.string()).default({});

export const timeSeriesAnswer = z.object({
  timeSeries: z
    .array(
      z.object({
        metric: z.object({ labels }).prefault({}),
        resource: z.object({ labels }).prefault({}),
        unit: z.string().optional(),
        points: z.array(point).default([]),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
  unit: z.string().optional(),
  executionErrors: z.array(z.unknown()).default([]),
});

export type PointAnswer = z.output<typeof point>;
export type Distribution = z.output<typeof distribution>;
