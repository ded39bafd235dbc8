import { z } from 'zod';
import { instantOrNull } from './instant.ts';

/** Backend services, groups and certificates of Compute Engine (google.cloud.compute.v1) as our own types. */

export const backendService = z.object({
  protocol: z.string().optional(),
  loadBalancingScheme: z.string().optional(),
  timeoutSec: z.number().finite().optional(),
  backends: z.array(z.object({ group: z.string().optional() })).default([]),
  logConfig: z
    .object({ enable: z.boolean().default(false), sampleRate: z.number().min(0).max(1).default(1) })
    .default({ enable: false, sampleRate: 1 }),
});

export const groupHealth = z.object({
  healthStatus: z
    .array(
      z.object({
        healthState: z.string().optional(),
        instance: z.string().optional(),
        ipAddress: z.string().optional(),
        port: z.number().finite().optional(),
      }),
    )
    .default([]),
});

export const endpointGroup = z.object({
  networkEndpointType: z.string().optional(),
  cloudRun: z.object({ service: z.string().optional(), urlMask: z.string().optional() }).optional(),
});

export const certificate = z.object({
  type: z.string().optional(),
  expireTime: instantOrNull,
  managed: z
    .object({
      status: z.string().optional(),
      domainStatus: z.record(z.string(), z.string()).default({}),
    })
    .optional(),
});

export type BackendService = z.output<typeof backendService>;
export type GroupHealth = z.output<typeof groupHealth>;
export type EndpointGroup = z.output<typeof endpointGroup>;
export type Certificate = z.output<typeof certificate>;
