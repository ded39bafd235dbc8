import { sufficientShare } from '../src/core/diagnose/traversal.ts';
import { slowerFrom } from '../src/core/states/service.ts';
import { degradedShare, failingShare } from '../src/core/states/errors.ts';

/** The section of `docs/diagnosis.md` on graphs of services, with an example that can be run. */
export function graphOfServices(): string {
  return `## Graphs of services

Sitrep also diagnoses services that it cannot read: components of type \`service\` need no account and no Google Cloud. What they call stands in the configuration (\`depends_on\`), what was measured of them in a snapshot file. So a public data set for root causes can be fed to it.

| signal | value | unit |
| --- | --- | --- |
| \`latency\` | mean latency of the requests | \`ms\` or \`s\` |
| \`availability\` | requests that were answered, of all | \`%\`, or \`null\` for a share from 0 to 1 |
| \`requests\` | count of requests | any |

Each is given twice: over the snapshot's window, and over the window before, which is what it is compared with. \`first\` of latency and availability says since when they are as they are; without it the order of cause and effect is not known. A value in another unit is not read.

- **failing**: ${failingShare} % of requests or more not answered.
- **degraded**: availability below what is expected, or ${degradedShare} points or more below the window before; latency above what is expected, or at least ${slowerFrom} times that of the window before. What is expected (\`expect.latency\`, \`expect.availability\`) goes before the comparison.
- **healthy**: both were read and neither is so. **Unknown**: one of them was not read, or has nothing to be compared with; no requests; failures as many as before.

The walk begins at the failing steps of a blocked journey or at a failing endpoint; without one, at the abnormal services that are behind no other abnormal one. It follows one symptom, failures before latency:

1. A dependency is followed that is abnormal in the same way, did not fail later, and accounts for at least ${sufficientShare * 100} % of the symptom: its change × its requests ÷ the service's change × its requests. Added failures are explained by added failures, added time by added time, or by failures that at least ${sufficientShare * 100} % of the slow service's requests met. A service that fails and is slower is also followed along what is slower, where no failures account for its own. Where no dependency passes half of it on by itself, those are followed that do so together.
2. It ends at the service that accounts for at least ${sufficientShare * 100} % of what is seen at the entry and leads to no other such service; of several, at that which accounts for most. That is \`root.component\`; \`root.cause\` stays \`unknown\`, for figures do not say why.
3. \`root.located\` says how well the place is proven. **confirmed**: on all of the way the dependency began first, at least half of each symptom is passed on however the calls are split among callers, at least half of the last symptom is the service's own, and no other place accounts for half. **probable**: the same, but the order is not known, or the place is the entry itself, or another place accounts for half as well. **unknown**: the rest, above all where a figure of a dependency was not read. \`missing\` then names it.

A configuration:

\`\`\`yaml
version: 1
components:
  web: { type: service, depends_on: [cart] }
  cart: { type: service, depends_on: [db] }
  db: { type: service, expect: { latency: 50ms } }
\`\`\`

And a snapshot of it, in which \`db\` answers in 240 ms instead of 40:

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\`

\`sitrep diagnose --config sitrep.yml --snapshot snapshot.json --json\` gives \`"root": { "cause": "unknown", "component": "db", "verdict": "unknown", "located": "probable" }\`.
`;
}

const takenAt = '2025-03-10T12:00:00Z';
const now = { from: '2025-03-10T11:00:00Z', to: takenAt };
const before = { from: '2025-03-10T10:00:00Z', to: now.from };
const source = { api: 'prometheus.example', method: 'query', query: 'by service, over 1 h' };

const figures: [component: string, latencies: [string, string], requests: string][] = [
  ['web', ['150', '350'], '1000'],
  ['cart', ['90', '290'], '1000'],
  ['db', ['40', '240'], '1000'],
];

const example = {
  version: 1,
  takenAt,
  window: now,
  budgetMs: 1,
  observations: figures
    .flatMap(([component, [was, is], requests]) => [
      { component, signal: 'latency', value: was, unit: 'ms', window: before },
      { component, signal: 'latency', value: is, unit: 'ms', window: now },
      { component, signal: 'availability', value: '100', unit: '%', window: before },
      { component, signal: 'availability', value: '100', unit: '%', window: now },
      { component, signal: 'requests', value: requests, unit: null, window: now },
    ])
    .map((observation, at) => ({ id: `E${at + 1}`, ...observation, at: takenAt, source })),
  gaps: [],
  statements: [],
  changes: [],
  history: [],
  previous: null,
};
