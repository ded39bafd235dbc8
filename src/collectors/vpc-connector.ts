import { z } from 'zod';
import { signal } from '../core/signals.ts';
import { ofType } from './collector.ts';
import type { GoogleCollector, Measured } from './collector.ts';
import { documentedThroughput } from './connector-throughput.ts';
import { parseAnswer } from './parse-answer.ts';
import { consoleLink, gcloud, segment } from './provenance.ts';

const api = 'vpcaccess.googleapis.com';

/** Also looked at where the Terraform state is compared with what is live. */
export const connectorAnswer = z.object({
  state: z.string().optional(),
  minInstances: z.int().optional(),
  maxInstances: z.int().optional(),
  machineType: z.string().optional(),
  ipCidrRange: z.string().optional(),
  network: z.string().optional(),
  subnet: z.object({ name: z.string().optional() }).optional(),
});

/** Serverless VPC Access connectors: state, size, and where they lead. */
export const vpcConnector: GoogleCollector = {
  name: 'vpc-connector',
  kind: 'google',
  api,
  role: 'roles/vpcaccess.viewer',
  types: ['vpc-connector'],
  signals: [
    { signal: signal.state, unit: null, example: 'READY', meaning: 'State of the connector' },
    { signal: signal.instancesMin, unit: null, example: '2', meaning: 'Least number of instances' },
    {
      signal: signal.instancesMax,
      unit: null,
      example: '10',
      meaning: 'Greatest number of instances; never above 10',
    },
    { signal: signal.machineType, unit: null, example: 'e2-micro', meaning: 'Machine type of its instances' },
    {
      signal: signal.throughputEach,
      unit: 'Mbit/s',
      example: '100',
      meaning:
        'What one instance of that machine type carries, as Google documents it (an estimate, not measured); missing for a type that is not documented',
    },
    { signal: signal.ipRange, unit: null, example: '10.1.0.0/28', meaning: 'Range of its addresses' },
    {
      signal: signal.network,
      unit: null,
      example: 'staging-vpc',
      meaning: 'Network that it leads to, or the subnet it lies in',
    },
  ],
  reads: ({ components, google, project, region }) =>
    ofType(components, 'vpc-connector').map(({ id, component }) => {
      const path = `projects/${segment(project)}/locations/${segment(region)}/connectors/${segment(component.name)}`;
      const source = {
        api,
        method: 'Connectors.Get',
        query: `projects/${project}/locations/${region}/connectors/${component.name}`,
        console: consoleLink(
          `networking/connectors/details/${segment(region)}/${segment(component.name)}`,
          project,
        ),
        command: gcloud('compute networks vpc-access connectors describe', [component.name], {
          region,
          project,
        }),
      };
      const observe = (name: string, value: string | number | undefined): Measured[] =>
        value === undefined || value === ''
          ? []
          : [{ component: id, signal: name, value: String(value), unit: null, window: null, source }];
      return {
        components: [id],
        signal: '*',
        source,
        run: async (abort) => {
          const answer = await google.get({ host: api, path: `/v1/${path}`, signal: abort });
          const found = parseAnswer(connectorAnswer, answer, 'connector');
          const documented = documentedThroughput(found.machineType ?? '');
          return {
            observations: [
              ...observe(signal.state, found.state),
              ...observe(signal.instancesMin, found.minInstances),
              ...observe(signal.instancesMax, found.maxInstances),
              ...observe(signal.machineType, found.machineType),
              ...observe(signal.throughputEach, documented?.value).map((each) => ({
                ...each,
                unit: 'Mbit/s',
                ...(documented === null ? {} : { text: documented.text }),
              })),
              ...observe(signal.ipRange, found.ipCidrRange),
              ...observe(signal.network, found.network ?? found.subnet?.name),
            ],
            gaps: found.state
              ? []
              : [
                  {
                    component: id,
                    signal: signal.state,
                    reason: 'no-data',
                    detail: 'the answer has no state',
                    source,
                  },
                ],
          };
        },
      };
    }),
};
