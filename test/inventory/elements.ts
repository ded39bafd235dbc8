import type { ShownKind } from '../../scripts/gallery/updates.ts';
import type { Scene } from './scene.ts';

/**
 * What updates of an outage contain that people write by hand, element by element, and which of our kinds must hold it.
 * Each is recognised in the rendered Markdown by its content: a figure with its evidence, a row, who stated it.
 */
export interface Element {
  id: string;
  element: string;
  /** How it comes about: read from a source, said by a person or the configuration, or concluded from such parts. */
  nature: 'measured' | 'stated' | 'derived' | 'stated and measured';
  /** Kinds that must hold it. */
  kinds: readonly ShownKind[];
  /** Patterns that must all be found in the text of each kind. */
  found: (scene: Scene, kind: ShownKind) => readonly RegExp[];
  /** Kinds that one could expect to hold it and that do not, with the reason. */
  without?: Partial<Record<ShownKind, string>>;
  /** What of it cannot be had, and why. */
  lacking?: string;
}

/** Every kind that tells how an incident stands. */
const ofIncident: readonly ShownKind[] = [
  'declare',
  'status',
  'brief',
  'five-whys',
  'criteria',
  'checkpoint',
  'checkpoint-unchanged',
  'living',
  'escalation',
  'handoff',
  'resolution-refused',
  'resolution-granted',
  'timeline',
  'postmortem',
];

const aPart = 'answers about one thing that was read, and says nothing of how the incident stands';
const ownPage = 'holds no word about an incident';

/** An id of evidence in brackets behind what it proves; several may be listed, and a range. */
const cited = String.raw`\((?:E\d+(?:–E\d+)?(?:, )?)+(?:…)?\)`;
/** A pattern written with String.raw, in which a backtick has a backslash before it. */
const pattern = (text: string): RegExp => new RegExp(text.replaceAll('\\`', '`'), 'mu');
const row = (...cells: string[]): RegExp => pattern(String.raw`^\| ${cells.join(String.raw` \| `)} \|$`);
const evidenceCell = String.raw`E\d[^|]*`;

export const elements: readonly Element[] = [
  {
    id: 'A1',
    element: 'Severity and status in one line',
    nature: 'derived',
    kinds: ofIncident,
    found: (_scene, kind) => [
      kind === 'postmortem'
        ? /^- \*\*P0\*\*, declared .* resolved /mu
        : /^(?:### )?.*\bP0\b.*(?:declared|investigating|identified|mitigating|monitoring|resolved)/mu,
    ],
    without: {
      diff: aPart,
      evidence: aPart,
      'evidence-all': aPart,
      help: ownPage,
      refusal: ownPage,
    },
  },
  {
    id: 'A2',
    element: 'Time of the assessment, UTC',
    nature: 'measured',
    kinds: [...ofIncident, 'diff', 'evidence', 'evidence-all'],
    found: ({ timeOf }, kind) => [
      kind === 'evidence'
        ? /^\*\*Read:\*\* \d\d:\d\d:\d\d UTC \(E\d+\)$/mu
        : kind === 'timeline' || kind === 'postmortem'
          ? /\d\d:\d\d(?: UTC)?.*resolved .*\d\d:\d\d|Resolved \| \d{4}-\d\d-\d\d \d\d:\d\d/u
          : pattern(String.raw`read ${timeOf(kind)} UTC`),
    ],
    without: { help: ownPage, refusal: ownPage },
  },
  {
    id: 'A3',
    element: 'Summary in a few sentences: what is broken, who is affected, why',
    nature: 'derived',
    kinds: ['declare', 'status', 'brief'],
    found: () => [
      pattern(String.raw`^\*\*Broken:\*\* .*${cited}`),
      /^\*\*Affected:\*\* .*\(stated, /mu,
      pattern(String.raw`^\*\*Cause, \w+:\*\* .*${cited}`),
    ],
  },
  {
    id: 'A4',
    element: 'Root cause in one line, with its verdict',
    nature: 'derived',
    kinds: ['status', 'brief', 'declare', 'living', 'handoff', 'escalation', 'five-whys', 'checkpoint'],
    found: (_scene, kind) => [
      kind === 'declare'
        ? /\*\*And, confirmed:\*\* `connector` full: 10\/10 instances since 17:07.*\(E\d/u
        : /\*\*Cause, confirmed:\*\* `connector` full: 10\/10 instances since 17:07.*\(E\d/u,
    ],
  },
  {
    id: 'A5',
    element: 'Confidence, and its reason',
    nature: 'derived',
    kinds: ['status', 'five-whys'],
    found: () => [
      /^Root cause, \*\*confirmed\*\*, `connector`: The Serverless VPC Access connector is at its limit/mu,
      /<sub>confirmed · a dependency \(sitrep\.yml\) · accounts for 100 % of it<\/sub>/u,
      /<summary>Alternatives: \d+, 0 not ruled out<\/summary>/u,
    ],
  },
  {
    id: 'A6',
    element: 'Origin of the update, and the working branch',
    nature: 'measured',
    kinds: ofIncident.filter((kind) => !['timeline', 'postmortem'].includes(kind)),
    found: ({ branch }) => [
      pattern(String.raw`<sub>Sitrep \d+\.\d+\.\d+ · read .*branch \`${branch}\` \(E\d+\)`),
    ],
    without: {
      timeline: 'is written from the record, which is of no one branch; the commits in it have their links',
      postmortem: 'is written from the record, which is of no one branch; the commits in it have their links',
    },
  },
  {
    id: 'B1',
    element: 'How much is available: services that are up, of all',
    nature: 'measured',
    kinds: ['status', 'checkpoint', 'brief', 'declare', 'living', 'handoff', 'escalation'],
    found: (_scene, kind) => [
      pattern(
        String.raw`Up: ${kind === 'declare' ? '0' : kind === 'checkpoint' ? '2' : '1'}\/3 services ${cited}`,
      ),
    ],
  },
  {
    id: 'B2',
    element: 'Error entries of the window, and their share of all entries',
    nature: 'measured',
    kinds: ['status', 'checkpoint'],
    found: ({ errorEntries }, kind) => [
      row(
        'all services',
        'error entries',
        `${errorEntries(kind)}, [\\d.]+ % of all entries`,
        '–',
        evidenceCell,
      ),
    ],
  },
  {
    id: 'B3',
    element: '5xx of each service in the hour',
    nature: 'measured',
    kinds: ['status', 'checkpoint'],
    found: ({ figure }, kind) => [
      row('`backend`', '5xx', figure(kind, 'backend', 'requests.5xx'), String.raw`\d+`, evidenceCell),
      row('`auth`', '5xx', figure(kind, 'auth', 'requests.5xx'), String.raw`\d+`, evidenceCell),
    ],
  },
  {
    id: 'B4',
    element: 'Response times: mean and percentiles, beside the hour before and what is expected',
    nature: 'measured',
    kinds: ['status', 'checkpoint'],
    found: () => [
      row('`backend`', 'latency, mean', String.raw`[\d.]+ m?s`, String.raw`[\d.]+ m?s`, evidenceCell),
      row('`backend`', 'latency p95', String.raw`[\d.]+ m?s`, String.raw`[\d.]+ m?s`, evidenceCell),
      /web: status 200 \(wanted 200\), latency \d+ ms \(limit 10 s\)/u,
    ],
  },
  {
    id: 'B5',
    element: 'Active instances, by revision',
    nature: 'measured',
    kinds: ['status'],
    found: () => [
      row('`backend` `00750-69k`', 'active instances', '40', '–', evidenceCell),
      row('`backend` `00749-6tr`', 'active instances', '6', '3', evidenceCell),
    ],
  },
  {
    id: 'B6',
    element: 'Container exits, with their code',
    nature: 'measured',
    kinds: ['status', 'five-whys'],
    found: () => [/^\| `backend` \| 🔴 failing \| .*\b39 exits with code 3 \| .*E\d+.* \|$/mu],
  },
  {
    id: 'B7',
    element: 'The failure as the log shows it',
    nature: 'measured',
    kinds: ['status', 'five-whys'],
    found: () => [
      /`backend`, seen 39 times, first 17:13, last 18:04 \(E\d+\)\n\n```text\nRuntimeError: Database connection validation timeout exceeded \(15s\)\n```/u,
    ],
  },
  {
    id: 'B8',
    element: 'How often a failure has come back, and from when to when',
    nature: 'measured',
    kinds: ['five-whys', 'status'],
    found: () => [/^`auth`, seen 176 times, first 17:09, last 18:04 \(E\d+\)$/mu],
    lacking:
      'a count over the whole incident where it is longer than the window of an hour: each update counts its own, with its beginning and end',
  },
  {
    id: 'B9',
    element: 'WebSocket failures in the window',
    nature: 'measured',
    kinds: ['status'],
    found: () => [
      row('`chat`', '🔴 failing', 'handshake refused with 503', evidenceCell),
      row('`chat`', 'handshakes refused', String.raw`\d+ of \d+ samples`, '–', evidenceCell),
    ],
  },
  {
    id: 'B10',
    element: 'Table of components: state, figures, evidence',
    nature: 'measured',
    kinds: ['declare', 'status', 'five-whys', 'checkpoint', 'handoff'],
    found: () => [
      /^\| Component \| State \| Figures \| Evidence \|$/mu,
      row('`connector`', '🔴 failing', String.raw`10\/10 instances, CPU 94 %.*READY`, evidenceCell),
      row('`db`', '🟢 OK', String.raw`RUNNABLE, \d+ of 500 connections`, evidenceCell),
    ],
  },
  {
    id: 'B11',
    element: 'Settings: range and size of the connector, state of the database, pools, egress',
    nature: 'stated and measured',
    kinds: ['status', 'five-whys'],
    found: () => [
      row('`connector`', String.raw`IP range \`10\.1\.0\.0\/28\`.*min 2, max 10.*`, evidenceCell),
      row('`db`', '🟢 OK', String.raw`RUNNABLE.*`, evidenceCell),
      row(
        '`backend`',
        String.raw`egress \`all-traffic\`.*\`DATABASE_POOL_SIZE\` \`20\`, \`DATABASE_MAX_OVERFLOW\` \`30\``,
        evidenceCell,
      ),
    ],
  },
  {
    id: 'B12',
    element: 'Whether secrets can be read',
    nature: 'measured',
    kinds: ['status', 'checkpoint', 'five-whys'],
    found: () => [row('`jwt-secret`', '🟢 OK', 'version 2 ENABLED', evidenceCell)],
    lacking:
      'secrets that the configuration does not name: Sitrep looks at those it is told of, and never at a value',
  },
  {
    id: 'B13',
    element: 'The load balancer: what it answers, and the health of its backends',
    nature: 'measured',
    kinds: ['status', 'checkpoint'],
    found: () => [
      row('`lb`', '🟠 degraded', String.raw`\d+ of \d+ requests 5xx, \d+ logged as 5xx.*`, evidenceCell),
    ],
    lacking: 'health checks: a serverless group has none, so requests and its log stand for them',
  },
  {
    id: 'B14',
    element: 'Whether infrastructure as code is in step with what runs',
    nature: 'measured',
    kinds: ['status', 'checkpoint', 'five-whys'],
    found: () => [row('`terraform`', '🟢 OK', '2 of 5 components compared, all the same', evidenceCell)],
  },
  {
    id: 'B15',
    element: 'Health of the provider’s region',
    nature: 'measured',
    kinds: ['status', 'five-whys', 'escalation'],
    found: (_scene, kind) =>
      kind === 'escalation'
        ? [/^- healthy: projects\/netra-staging\/locations\/us-central1, no event goes on \(E\d+\)$/mu]
        : [
            row('`region`', '🟢 OK', 'no event goes on', evidenceCell),
            row(
              String.raw`regional incident \(\`region\`\)`,
              '✖ refuted',
              String.raw`.*Google reports no event.*${cited}`,
            ),
          ],
  },
  {
    id: 'B16',
    element: 'The journey of users, step by step, and where it stops',
    nature: 'measured',
    kinds: ['status', 'checkpoint', 'brief'],
    found: (_scene, kind) =>
      kind === 'brief'
        ? [/^\*\*Broken:\*\* .*golden path stops at `auth`/mu]
        : [
            /^- \*\*Login to AI response:\*\* stops at `auth` \(E\d+.*\)\. 🟢 `frontend` → 🔴 `auth` → (?:🔴|🟢) `api` → (?:🔴|🟢) `chat`$/mu,
          ],
    without: { brief: 'names the step that fails; the other steps are in the full update' },
  },
  {
    id: 'C1',
    element: 'The whys: question, answer, evidence',
    nature: 'derived',
    kinds: ['status', 'five-whys', 'postmortem', 'declare'],
    found: (_scene, kind) => [
      pattern(
        String.raw`^${kind === 'declare' ? '9' : '4'}\. \*\*Why does \`connector\` fail\?\*\*\n   Because .*${cited}\n   <sub>confirmed`,
      ),
    ],
  },
  {
    id: 'C2',
    element: 'A setting over time, revision by revision',
    nature: 'measured',
    kinds: ['status', 'five-whys'],
    found: () => [
      /^- `backend` `env\.DATABASE_TIMEOUT`: `45\.0` → `75\.0` 12 Sep 15:58 \(E\d+\) → `15\.0` 17:12 \(E\d+\)/mu,
    ],
    lacking:
      'values before the revision that was compared: older revisions are not read, and what a closed issue says of them is a statement of that issue',
  },
  {
    id: 'C3',
    element: 'Configured against measured settings',
    nature: 'measured',
    kinds: ['status', 'five-whys', 'handoff', 'postmortem'],
    found: () => [
      /^- `backend` `env\.DATABASE_TIMEOUT`: `75\.0` configured \(sitrep\.yml\) ≠ `15\.0` measured \(E\d+\)$/mu,
    ],
  },
  {
    id: 'C4',
    element: 'Class of the cause, and whose it is',
    nature: 'derived',
    kinds: ['status', 'brief', 'handoff', 'five-whys'],
    found: () => [/\*\*Cause, confirmed:\*\* .*\(E\d.* · capacity, next with Infrastructure Team$/mu],
  },
  {
    id: 'C5',
    element: 'What was checked, and what it showed',
    nature: 'measured',
    kinds: ['five-whys', 'status', 'postmortem'],
    found: () => [
      row(
        String.raw`Cloud SQL connections exhausted \(\`db\`\)`,
        '✖ refuted',
        String.raw`at most 64 of 500 connections in the window ${cited}`,
      ),
      row(String.raw`config drift \(\`backend\`\)`, '▽ weaker', String.raw`.*3 min before.*${cited}`),
    ],
  },
  {
    id: 'C6',
    element: 'What is not settled yet, and what would decide',
    nature: 'derived',
    kinds: ['five-whys', 'checkpoint'],
    found: (_scene, kind) =>
      kind === 'checkpoint'
        ? [row(String.raw`bad deploy \(\`auth\`\)`, '❔ not tested', 'this would decide: .*')]
        : [/<summary>Alternatives: 17, 0 not ruled out<\/summary>/u],
  },
  {
    id: 'D1',
    element: 'Regression of an earlier incident: same error, same path, whether its fix still holds',
    nature: 'derived',
    kinds: ['status', 'five-whys', 'declare', 'checkpoint'],
    found: (_scene, kind) => [
      /^### .*; regression of #1263$/mu,
      /`RuntimeError: Database connection validation timeout exceeded \(15s\)` \(E\d+\)/u,
      kind === 'declare'
        ? /path `backend` → `connector` \(E\d/u
        : /^- \*\*Same components:\*\* `backend` → `connector` \(E\d/mu,
      /\*\*Its fix:\*\* .*\(E\d+\)$/mu,
    ],
  },
  {
    id: 'D2',
    element: 'Linked issues and pull requests',
    nature: 'stated and measured',
    kinds: ['status', 'evidence-all'],
    found: ({ references }) => references.map((number) => pattern(String.raw`#${number}\b`)),
    lacking: 'documents outside GitHub: what people link stands in their comments',
  },
  {
    id: 'D3',
    element: 'Commits and deployments of the last day, and what they touch',
    nature: 'measured',
    kinds: ['status', 'five-whys', 'handoff'],
    found: () => [
      row(
        '17:12',
        '`backend`',
        String.raw`revision \`00750-69k\` changed \`env\.DATABASE_TIMEOUT\` from \`75\.0\` to \`15\.0\`.*commit \`5d0c3b7\` by \`bob\`.*`,
        String.raw`makes it worse, 3 min after.*`,
        evidenceCell,
      ),
      /^\| 14:26 \| `repository` \| commit `ed69527` by `carol`/mu,
    ],
  },
  {
    id: 'D4',
    element: 'Fixes so far: what, when, with what effect',
    nature: 'stated and measured',
    kinds: ['checkpoint', 'handoff', 'resolution-granted'],
    found: (_scene, kind) =>
      kind === 'resolution-granted'
        ? [
            /^\*\*Changed or done since:\*\* .*`frontend` revision `00189-wfz` changed .*\(E\d+\).*\(stated, @carol\)/mu,
          ]
        : [
            /^\| 17:50 \| `frontend` \| revision `00189-wfz` changed .*\| E\d/mu,
            /Write to the customers who asked/u,
          ],
  },
  {
    id: 'E1',
    element: 'What changed since the update before, and what still fails',
    nature: 'derived',
    kinds: ['status', 'checkpoint', 'brief', 'handoff'],
    found: (_scene, kind) => [
      kind === 'checkpoint'
        ? /^\*\*Since 18:05:\*\* `backend`, `api`, `chat` recovered \(E\d/mu
        : /^\*\*Since 17:16:\*\* .*`frontend`, `web` recovered \(E\d/mu,
      /^\*\*Broken:\*\* /mu,
    ],
  },
  {
    id: 'E2',
    element: 'Where it is heading',
    nature: 'derived',
    kinds: ['checkpoint', 'living', 'status'],
    found: (_scene, kind) => [
      kind === 'living'
        ? /^\*\*Trend:\*\* improving \(E\d/mu
        : /<summary>Trend of the last hour: improving<\/summary>/u,
    ],
  },
  {
    id: 'F1',
    element: 'Plan of action in phases, with their times',
    nature: 'stated',
    kinds: ['status', 'living', 'handoff', 'declare', 'checkpoint'],
    found: (_scene, kind) =>
      kind === 'living'
        ? [/^- \[ \] \*\*4\*\* Move backend traffic .* · due 20:15 · Restoration$/mu]
        : kind === 'handoff'
          ? [/^- \*\*4\*\* Move backend traffic .*due 20:15, of the plan: Restoration \(record\)$/mu]
          : [/^\*\*Infrastructure diagnostic, by 18:15\*\*$/mu, /^\*\*Restoration, by 20:15\*\*$/mu],
  },
  {
    id: 'F2',
    element: 'Commands to run, valid for the resource that they name',
    nature: 'stated and measured',
    kinds: ['status', 'handoff', 'escalation', 'declare'],
    found: (_scene, kind) => [
      kind === 'declare'
        ? /```bash\ngcloud run services update-traffic netra-frontend-staging --to-revisions=netra-frontend-staging-00187-tnc=100 /u
        : /gcloud run services update-traffic netra-backend-staging --to-revisions=netra-backend-staging-00749-6tr=100 --region=us-central1 --project=netra-staging/u,
    ],
  },
  {
    id: 'F3',
    element: 'Checklist with boxes',
    nature: 'stated',
    kinds: ['living'],
    found: () => [
      /^- \[ \] \*\*1\*\* Check the connector · /mu,
      /^- \[x\] \*\*7\*\* Write to the customers/mu,
    ],
  },
  {
    id: 'F4',
    element: 'Success criteria with their thresholds, and how each stands',
    nature: 'stated and measured',
    kinds: [
      'status',
      'checkpoint',
      'criteria',
      'living',
      'handoff',
      'resolution-refused',
      'resolution-granted',
    ],
    found: () => [
      /^- (?:❌|✅) \*\*All endpoints return 200 within 10 s:\*\* .*\(limit 10 s\).*\(E\d/mu,
      /\*\*The database is connected within 35 s:\*\* .*\(E\d/u,
      /\*\*30 minutes of traffic practically without errors.*limit 0\.5 %\).*\(E\d/u,
    ],
  },
  {
    id: 'F5',
    element: 'When it is expected to be over, phase by phase and in all',
    nature: 'stated',
    kinds: ['status', 'living', 'checkpoint'],
    found: (_scene, kind) => [
      kind === 'living'
        ? /^#### Checklist 1\/8 done, planned to end 21:15$/mu
        : /<summary>Plan: 1 of 8 done, \d+ overdue, planned to end 21:15<\/summary>/u,
    ],
  },
  {
    id: 'F6',
    element: 'When to go on, to escalate, to roll back: each with its clock and how it stands',
    nature: 'stated and measured',
    kinds: ['status', 'checkpoint', 'escalation', 'criteria'],
    found: () => [
      row(
        'Escalate to Google Cloud support → Google Cloud Support',
        '19:15',
        String.raw`not met.*recovery \d+ % \(limit 50 %\) ${cited}`,
      ),
      /^\| Emergency rollback → Infrastructure Team \| 16 Sep 01:15 \| /mu,
    ],
  },
  {
    id: 'F7',
    element: 'Whom to escalate to: primary, provider, business, executive',
    nature: 'stated',
    kinds: ['status', 'checkpoint', 'escalation'],
    found: () => [
      row('Infrastructure Team', 'primary', '`@netra-systems/infra`, `alice`'),
      row('Google Cloud Support', 'provider', String.raw`\[open\]\(https:.*\)`),
      row('Product Team', 'business', '`@netra-systems/product`'),
      row('Engineering Leadership', 'executive', '`@netra-systems/leads`'),
    ],
  },
  {
    id: 'F8',
    element: 'When the next updates come, and what each will answer',
    nature: 'stated',
    kinds: ['status', 'checkpoint', 'living'],
    found: (_scene, kind) => [
      pattern(
        String.raw`^\*\*Next:\*\* board \d\d:\d\d; comment ${kind === 'checkpoint' ? '21:15' : '19:15'} or on change$`,
      ),
      /^- \*\*21:15\*\*, 4 h checkpoint: whether “Tell engineering leadership” is met; /mu,
      /^- \*\*16 Sep 01:15\*\*, 8 h checkpoint: whether “Emergency rollback” is met; /mu,
    ],
  },
  {
    id: 'G1',
    element: 'Who is affected, and what it costs',
    nature: 'stated',
    kinds: ['status', 'brief', 'declare', 'living', 'handoff', 'escalation', 'postmortem'],
    found: (_scene, kind) => [
      kind === 'declare'
        ? /^\*\*Affected:\*\* “&#36;500K\+ ARR chat functionality offline in staging” \(stated, sitrep\.yml\)$/mu
        : /“Support has 12 tickets of people who cannot work” \(stated, \[carol at .*17:30\]/u,
      ...(kind === 'postmortem' ? [/“&#36;500K\+ ARR chat.*” \(stated, sitrep\.yml\)/u] : []),
    ],
  },
  {
    id: 'G2',
    element: 'A design decision behind what is seen',
    nature: 'stated',
    kinds: ['five-whys', 'postmortem'],
    found: () => [/added: “services stop at the start .* by design”; shown as stated/u],
  },
  {
    id: 'H1',
    element: 'By component: the problem, its effect, how to look into it',
    nature: 'derived',
    kinds: ['handoff'],
    found: () => [
      row('`auth`', '🔴 failing', '22 of 30 requests 5xx', evidenceCell),
      /^To look at `connector`, failing \(E\d.*\):\n\n```bash\ngcloud compute networks vpc-access connectors describe staging-connector /mu,
    ],
  },
  {
    id: 'H2',
    element: 'Shares of the work, and what is done of it',
    nature: 'stated',
    kinds: ['handoff'],
    found: () => [
      /^- \*\*Infrastructure\*\* 50 %, 1 of 2 open: VPC connector saturated \(`connector`\) \(E\d/mu,
      /^- \*\*7\*\* Write to the customers who asked: `carol`, 17:45 \(record\)$/mu,
    ],
  },
  {
    id: 'H3',
    element: 'What each team does next',
    nature: 'stated',
    kinds: ['handoff'],
    found: () => [
      /^- \*\*The cause:\*\* Infrastructure Team, since /mu,
      /^- \*\*8\*\* Find out who changed what today: \*\*nobody\*\*, due 19:05 \(record\)$/mu,
    ],
  },
  {
    id: 'H4',
    element: 'Keep open or close, with the reasons',
    nature: 'derived',
    kinds: ['resolution-refused', 'resolution-granted', 'handoff'],
    found: (_scene, kind) => [
      kind === 'handoff'
        ? /^\*\*Stays open:\*\* 5 of 5 success criteria not met \(E\d/mu
        : kind === 'resolution-refused'
          ? /^### ⛔ P0 not resolved: 5 of 5 criteria block \(@carol, 18:05 UTC\)$/mu
          : /^\*\*Overridden:\*\* .*\*\*Reason:\*\* .* \(stated, @alice\)$/mu,
    ],
  },
  {
    id: 'H5',
    element: 'Tests: what is ready to validate the fix',
    nature: 'stated and measured',
    kinds: ['handoff', 'resolution-refused', 'resolution-granted'],
    found: () => [/^- \*\*6\*\* Run the end-to-end staging tests: .* of the plan: Validation \(record\)$/mu],
    lacking:
      'results of test runs: of the workflow runs only those that deploy are read, since others say nothing of what serves',
  },
  {
    id: 'I1',
    element: 'What is to be done so that it does not happen again',
    nature: 'stated',
    kinds: ['status', 'postmortem'],
    found: (_scene, kind) => [
      kind === 'postmortem'
        ? /^- \[ \] Prevention: Alert on connector instances and throughput; .*immediate; configured \(sitrep\.yml\)$/mu
        : /^- Alert on connector instances and throughput \(immediate\)$/mu,
    ],
  },
  {
    id: 'I2',
    element: 'The evidence: what was read, from where, when',
    nature: 'measured',
    kinds: [...ofIncident.filter((kind) => !['brief', 'timeline'].includes(kind)), 'diff', 'evidence-all'],
    found: () => [
      /^\| Id \| Component \| Signal \| Value \| Window \| Source \| Read \|$/mu,
      /^\| E\d+ \| `[\w-]+`.* \| `[\w.-]+` \| [^|]+ \| [^|]+ \| `[\w.-]+` \| \d\d:\d\d:\d\d \|$/mu,
    ],
    without: {
      brief: 'is to be read in a minute, and cites the ids alone; `/sitrep evidence E…` shows each',
      timeline: 'has the ids in its rows; they are of several updates, so no one table holds them',
      evidence: 'is one piece of evidence as a whole',
    },
  },
  {
    id: 'I3',
    element: 'Labels by which it is tracked',
    nature: 'derived',
    kinds: ['status', 'checkpoint', 'living'],
    found: () => [/<sub>Sitrep .*labels `regression`, `vpc-connector-issue`, `golden-path-blocked`/u],
  },
];
