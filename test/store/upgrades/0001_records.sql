-- Rows as Sitrep wrote them while this was the newest migration; each file adds to those before it. Three issues of one
-- repository: 1278 is open, 1263 was resolved, 1300 has nothing but its row. Nothing wrote checkpoints or the audit then:
-- their rows are what the tables would have taken.

insert into incident (id, installation_id, repository_id, repository, issue, title, severity, stage, declared_at, lead,
    regression_of, next_evidence, updated_at) values
  ('00000000-0000-4000-8000-000000001278', 41, 7000000001, 'netra-systems/apex', 1278, 'Staging is down', 'P0',
    'investigating', '2025-09-15T17:15:00.123456Z', 'dana', 1263, 5, '2025-09-15T17:20:00Z'),
  ('00000000-0000-4000-8000-000000001263', 41, 7000000001, 'netra-systems/apex', 1263, 'Größer: 日本 “\ud83d”', null,
    'resolved', '2025-09-01T08:00:00Z', null, 0, 1, '2025-09-02T09:30:00Z'),
  ('00000000-0000-4000-8000-000000001300', 42, 7000000002, 'Other/Repo.name', 1300, '', null,
    'monitoring', '2025-09-14T00:00:00Z', null, 0, 1, '2025-09-14T00:00:00Z');

insert into delivery (guid, event, action, installation_id, repository, received_at, payload, state, dedupe_key,
    finished_at, error) values
  ('5e1c0f00-0000-11f0-8000-000000000001', 'issue_comment', 'created', 41, 'netra-systems/apex', '2025-09-15T17:16:00Z',
    '{"action":"created","issue":{"number":1278},"repository":{"id":7000000001},"comment":{"id":9007199254740991,"body":"/status"}}',
    'received', 'issue_comment 9007199254740991 2025-09-15T17:16:00Z', null, null),
  ('5e1c0f00-0000-11f0-8000-000000000002', 'issues', 'labeled', 41, 'netra-systems/apex', '2025-09-15T17:15:00Z',
    '{"issue":{"number":1278},"repository":{"id":7000000001}}', 'done', null, '2025-09-15T17:15:04Z', null),
  ('5e1c0f00-0000-11f0-8000-000000000003', 'ping', null, null, null, '2025-09-15T17:00:00Z', '{}', 'failed', null,
    '2025-09-15T17:01:00Z', 'Error: GitHub answered 503');

insert into publication (id, incident_id, installation_id, repository, issue, kind, body, body_hash, state, attempts,
    fence, lease_until, first_attempt_at, comment_id, comment_url, created_at, sent_at, error) values
  ('0d9f6c6e-6a55-5d0e-9a39-000000000001', '00000000-0000-4000-8000-000000001278', 41, 'netra-systems/apex', 1278,
    'status', '### P0 investigating', 'aa', 'sent', 1, 1, null, '2025-09-15T17:15:10Z', 9007199254740000,
    'https://github.com/netra-systems/apex/issues/1278#issuecomment-1', '2025-09-15T17:15:09Z', '2025-09-15T17:15:11Z', null),
  ('0d9f6c6e-6a55-5d0e-9a39-000000000002', '00000000-0000-4000-8000-000000001278', 41, 'netra-systems/apex', 1278,
    'status', '### Again', 'bb', 'pending', 0, 0, null, null, null, null, '2025-09-15T17:20:00Z', null, null),
  ('0d9f6c6e-6a55-5d0e-9a39-000000000003', null, 41, 'netra-systems/apex', 12, 'help', 'Help', 'cc', 'failed', 2, 2,
    null, '2025-09-10T00:00:00Z', null, null, '2025-09-10T00:00:00Z', null, 'GitHub answered 410'),
  ('0d9f6c6e-6a55-5d0e-9a39-000000000004', null, 43, 'gone/away', 1, 'help', 'Help', 'dd', 'sent', 1, 1, null,
    '2025-09-10T00:00:00Z', 5, 'https://github.com/gone/away/issues/1#issuecomment-5', '2025-09-10T00:00:00Z',
    '2025-09-10T00:00:01Z', null);

-- A diagnosis of then: no second cause, items, identities, changes, class or owner.
insert into snapshot (incident_id, taken_at, body, diagnosis, publication_id) values
  ('00000000-0000-4000-8000-000000001278', '2025-09-15T17:15:08Z',
    '{"version":1,"takenAt":"2025-09-15T17:15:08Z","window":{"from":"2025-09-15T16:15:08Z","to":"2025-09-15T17:15:08Z"},
      "budgetMs":8000,"observations":[{"id":"E1","component":"backend","signal":"env.DATABASE_TIMEOUT","value":"15.0",
      "unit":"s","window":null,"at":"2025-09-15T17:15:08Z","source":{"api":"run.googleapis.com","method":"Revisions.Get",
      "query":"projects/p"}}],"gaps":[{"id":"E2","component":"connector","signal":"*","reason":"denied","detail":"403",
      "remedy":"grant roles/monitoring.viewer","at":"2025-09-15T17:15:08Z","source":{"api":"monitoring.googleapis.com",
      "method":"TimeSeries.List","query":"projects/p"}}],"statements":[],"changes":[],"history":[],"previous":null}',
    '{"verdict":"probable","root":{"cause":"config-drift","component":"backend","verdict":"probable"},"chain":[{"question":
      "Why does backend fail?","answer":"It waits 15 s.","effect":{"component":"backend","signal":"ready"},"cause":null,
      "edge":null,"evidence":["E1"],"share":null,"confidence":"unknown"}],"findings":[{"cause":"config-drift","component":
      "backend","verdict":"probable","decibans":12.5,"mechanism":"m","evidence":["E1"],"onset":null}],"alternatives":[],
      "contradictions":[],"missing":[]}',
    '0d9f6c6e-6a55-5d0e-9a39-000000000001'),
  ('00000000-0000-4000-8000-000000001278', '2025-09-15T17:19:58Z',
    '{"version":1,"takenAt":"2025-09-15T17:19:58Z","window":{"from":"2025-09-15T16:19:58Z","to":"2025-09-15T17:19:58Z"},
      "budgetMs":8000,"observations":[],"gaps":[],"statements":[{"by":"dana","at":"2025-09-15T17:18:00Z","url":"u",
      "text":"it is down"}],"changes":[{"id":"E4","kind":"revision","component":"backend","at":"2025-09-15T17:12:00Z",
      "diff":[{"key":"env.DATABASE_TIMEOUT","from":"75.0","to":null}],"source":{"api":"run.googleapis.com","method":
      "Revisions.List","query":"projects/p"}}],"history":[],"previous":null}', null, null);

insert into checkpoint (incident_id, kind, due_at, state) values
  ('00000000-0000-4000-8000-000000001300', '2h', '2025-09-14T02:00:00Z', 'cancelled');

insert into audit (at, who, what, repository, issue, delivery, detail) values
  ('2025-09-15T17:15:00Z', 'dana', 'severity P0', 'netra-systems/apex', 1278, '5e1c0f00-0000-11f0-8000-000000000001',
    '{"from":null,"to":"P0"}'),
  ('2025-09-15T17:16:00Z', 'sitrep', 'started', null, null, null, null);
