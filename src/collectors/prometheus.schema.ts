import { z } from 'zod';

/** The answer of a range query in Prometheus' format (prometheus.io/docs, HTTP API), parsed into our own types. */

/** Numbers come as text, so that those can be told that JSON has not. */
const value = z
  .string()
  .regex(/^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]?Inf)$/, 'not a value of a sample')
  .transform((text) => Number(text.replace('Inf', 'Infinity')));

/** Greatest time that a date can hold, in seconds since 1970. */
const lastSecond = 8_640_000_000_000;

const sample = z
  .tuple([z.number().min(0).max(lastSecond), value])
  .transform(([seconds, number]) => ({ at: Math.round(seconds * 1_000), value: number }));

const series = z.object({
  metric: z.record(z.string(), z.string()).default({}),
  values: z.array(sample).default([]),
});

export const rangeAnswer = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.literal('matrix'), result: z.array(series) }),
});

/** One series of an answer: its labels and its samples. A value may be no finite number. */
export type RangeSeries = z.output<typeof series>;
