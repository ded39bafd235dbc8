import { at } from './diagnose.fixture.ts';
import type { Statement } from '../../src/core/snapshot.ts';

/** What people write of the outage of the scenario `connector-saturated`, whose issue this is. */
const issue = 'https://github.com/netra-systems/netra-apex/issues/1278';

function said(by: string, clock: string, text: string): Statement {
  return { by, at: at(clock), url: `${issue}#issuecomment-${by}`, text };
}

/** Five updates of one outage by five people. They disagree. */
export const fiveUpdates: Statement[] = [
  said(
    'ana',
    '17:40',
    `# Outage in staging, first look

**Time:** 17:40
**Status:** P0, ACTIVE

Everything is down, and it looks like a repetition of #1263.

## State

- **Service availability:** 0% (nothing answers)
- **Errors:** 451 ERROR entries (9.0% of all logs) in the last hour

\`\`\`text
RuntimeError: Database connection validation timeout exceeded (15s)
\`\`\`

| Part | State | What we see |
| --- | --- | --- |
| **Cloud Run** | ❌ | restarts all the time |
| **Cloud SQL instance** | ⚠️ DEGRADED | connects hang |

## Five whys

1. **Why now?** The timeout settings were reverted from 75.0s (good) to 15.0s (bad).
2. **Why did nobody see it?** Missing IaC, and no check of the configuration.

## Next steps

- [ ] Restore the database timeout to 75.0s
- [ ] Confirm that the database is healthy
`,
  ),
  said(
    'ben',
    '17:50',
    `## Where we are

**Status:** ONGOING, partly recovered

- **Frontend:** fully operational
- **Backend:** 14 HTTP 503 errors in last hour
- **Service recovery rate:** 33% (1 of 3)
- VPC connectivity 99.9% (4,996/5,000 logs), but there is no capacity left

### Why is it still broken?

- Cloud SQL instance healthy: \`netra-staging-db\` is RUNNABLE
- Configuration checked: 75.0s database timeout maintained
- Terraform: infrastructure as code properly maintained and version controlled

### Action plan

\`\`\`bash
gcloud compute networks vpc-access connectors update staging-connector \\
  --min-instances=3 --max-instances=15 --region=us-central1
\`\`\`
`,
  ),
  said(
    'cleo',
    '17:55',
    `### Status: ACTIVE, infrastructure has to take over

- The database initialization keeps timing out after 20.0s (actual) vs 75.0s (configured)
- 649+ documented failure entries with "Socket connection failed"

\`\`\`bash
gcloud sql instances describe netra-staging-db --project=netra-staging
\`\`\`
`,
  ),
  said(
    'dora',
    '18:00',
    `# Handoff

Findings:

1. Database initialization timeout (75.0s), then the container exits
2. **Cloud SQL connection pool exhaustion** during concurrent starts
3. Timeout fixes of the database: 8.0s → 20.0s → 45.0s → 75.0s, deployed

The instance is \`netra-staging:us-central1:staging-shared-postgres\`: sockets in \`/cloudsql/netra-staging:us-central1:staging-shared-postgres/.s.PGSQL.5432\` fail.

**Success criteria:**

- [ ] Startup success rate >90%

**Decision:** keep issue #1278 open for the infrastructure team.
`,
  ),
  said(
    'emil',
    '18:04',
    `**Status:** analysis complete

- Timeout progression of the database connections: 8.0s → 20.0s → 25.0s
- 649+ startup failure errors in the monitoring window

**Recommendation:** issue #1278 can likely be **CLOSED**. Success criterion for later: startup success rate >95%.
`,
  ),
];

/** What people write as well, and what contradicts nothing that is read at 18:05. */
export const consistent: [what: string, text: string][] = [
  ['a correct setting', 'DATABASE_TIMEOUT=15.0 on `backend`, I looked at the revision.'],
  [
    'a change, told as one',
    'The database timeout was reverted from 75.0 s to 15.0 s with the deployment of 17:12.',
  ],
  ['an aim', 'Restore the database timeout to 75.0s and deploy backend again.'],
  [
    'a condition',
    'If the database timeout is 75.0 s again and nothing changes, the timeout is not the cause.',
  ],
  ['a guess', 'Maybe the database timeout is 75.0 s in that revision, I think Cloud SQL is degraded.'],
  ['a question', 'Is Cloud SQL degraded? Is the database timeout still 75.0 s?'],
  [
    'a quote',
    '> Cloud SQL is degraded, the 75.0 s database timeout is maintained.\n\nNo, that is another incident.',
  ],
  ['a lazy quote', '> Cloud SQL is down\nand the availability is 0 %\n\nThat was last week.'],
  ['a log line', '```\nERROR database timeout: 75.0s, Cloud SQL unavailable\n```'],
  ['something earlier', 'Last week Cloud SQL was degraded, and the database timeout was 45.0 s.'],
  [
    'another environment',
    'In production the database timeout is 45 s, and Cloud SQL is degraded there, in production.',
  ],
  ['another region', 'Cloud SQL is unavailable in europe-west1 today.'],
  ['another timeout', 'The load balancer times out after 30 s, and the request timeout of backend is 300 s.'],
  ['a timeout of a test', 'The e2e test gives up: its timeout is 60 s.'],
  ['the timeout of auth', "auth's database timeout is 20.0 s, and it times out after 20.0s."],
  ['the instance by its name', 'Cloud SQL instance `staging-shared-postgres` is RUNNABLE and healthy.'],
  ['another instance', 'The other Cloud SQL instance `analytics-postgres` is not touched by this.'],
  ['another project', '`gcloud sql instances describe main-postgres --project=netra-production`'],
  ['another database', 'Our billing database is down as well, but that is a planned maintenance.'],
  ['a connection', 'Cloud SQL connections are failing from backend and auth.'],
  ['what is broken', 'auth is failing, backend is down, and the connector is saturated.'],
  ['a recovery', 'Frontend is back since 17:51.'],
  ['a correct share', 'Service availability is 33 %, only the frontend answers.'],
  ['an earlier share', 'At 17:20 the availability was 0 %.'],
  ['a target', 'Our availability target is 99.9 %, availability should be 100 % by tomorrow.'],
  ['an aim with a threshold', 'Success criteria: all endpoints return 200 within 10 s, connects under 35 s.'],
  ['an outcome of another issue', '#1263 was closed, it is resolved. The fix of #1263 appears resolved.'],
  ['a condition for the outcome', 'The incident can be closed once all endpoints answer for 30 minutes.'],
  ['a question for the outcome', 'Can this be closed?'],
  ['an open incident', 'Please keep this open, the outage is still active.'],
  ['a maximum of a service', 'I would set `gcloud run services update backend --max-instances=15`.'],
  [
    'what others say',
    'According to the dashboard the database is down, the docs say the default timeout is 10 s.',
  ],
  ['a test that is ready', 'The smoke test is ready for the fix, the runbook is up to date.'],
  [
    'an unticked box',
    '- [ ] Database timeout is 75.0 s\n- [ ] Cloud SQL is healthy again\n- [ ] Availability is 100 %',
  ],
  ['a plan', '## Plan\n\nDatabase timeout: 75.0s\n\n## Next steps\n\nAvailability is 100 %'],
  ['a comment that is not shown', 'Done. <!-- Cloud SQL is down, DATABASE_TIMEOUT=75.0 -->'],
  ['counts of one kind', '39 exits with 3 so far.'],
  ['infrastructure as code, as a wish', 'We should have infrastructure as code for the services.'],
  ['a denial', 'Cloud SQL is not degraded, and the timeout of the database is not 75.0 s.'],
  ['another revision', 'Backend revision 00749 has a database timeout of 75.0 s, 00750 has 15.0 s.'],
  ['a deployment under way', 'I am deploying with DATABASE_TIMEOUT=75.0 now.'],
  ['another ticket', 'The ticket with Google can be closed.'],
  ['a state with a but', 'The connector is fine, only full.'],
  [
    'an incident before',
    '## Previous incident (#1263)\n\nDatabase timeout: 45.0s. Availability: 0 %. It is resolved.',
  ],
  ['what is struck out', '~~Cloud SQL is degraded~~ wrong, it is RUNNABLE.'],
  ['a correction', 'Correction: I wrote that Cloud SQL is degraded.'],
  ['several counts by one person', '3 errors in the last minute on backend, 39 exits since 17:13.'],
  ['a time to connect', 'Connecting takes 22 to 31 s, so a 15.0 s database timeout cannot work.'],
  ['a part of a database', 'Cloud SQL backups are failing since Tuesday. The database team is offline.'],
  ['a measured share', 'Startup success rate is 33 % (19 of 58), P95 connect time is 29 s.'],
  ['another instance of the type', 'Cloud SQL replica is degraded, not the primary.'],
];
