import { z } from 'zod';
import { instantOrNull } from './instant.ts';

/** Secrets and their versions (google.cloud.secretmanager.v1) as our own types. No payload is among them. */

const version = z
  .object({ name: z.string(), state: z.string().optional(), createTime: instantOrNull })
  .transform(({ name, state, createTime }) => ({
    number: name.split('/').at(-1) ?? name,
    state: state ?? null,
    createTime,
  }));

export const secretAnswer = z.object({
  replication: z
    .object({
      automatic: z.unknown().optional(),
      userManaged: z
        .object({ replicas: z.array(z.object({ location: z.string().optional() })).default([]) })
        .optional(),
    })
    .optional(),
  expireTime: instantOrNull,
  rotation: z.object({ nextRotationTime: instantOrNull }).optional(),
});

export const versionAnswer = version;

/** Newest first, as the API sorts them. */
export const versionList = z.object({
  versions: z.array(version).default([]),
  nextPageToken: z.string().optional(),
});

export type Secret = z.output<typeof secretAnswer>;
export type SecretVersion = z.output<typeof version>;
