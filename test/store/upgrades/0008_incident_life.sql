-- The shapes of events when they were new: a regression without score, lines and where it was raised from, an escalation
-- that does not say whether somebody was paged.
insert into incident_event (incident_id, key, at, recorded_at, by, url, body) values
  ('00000000-0000-4000-8000-000000001278', 'note 1', '2025-09-15T17:21:00Z', '2025-09-15T17:21:01Z', 'dana',
    'https://github.com/netra-systems/apex/issues/1278#issuecomment-2', '{"kind":"note","text":"rolled back"}'),
  ('00000000-0000-4000-8000-000000001278', 'regression 1263', '2025-09-15T17:22:00Z', '2025-09-15T17:22:01Z', 'sitrep',
    null, '{"kind":"regression","of":1263,"score":null}'),
  ('00000000-0000-4000-8000-000000001278', 'escalation', '2025-09-15T17:23:00Z', '2025-09-15T17:23:01Z', 'sitrep', null,
    '{"kind":"escalated","rule":"two-hours","contact":null,"reason":null}');
update incident set snoozed_until = '2025-09-15T18:00:00Z' where id = '00000000-0000-4000-8000-000000001278';
insert into publication (id, incident_id, installation_id, repository, issue, kind, body, body_hash, state, attempts,
    fence, comment_id, comment_url, node_id, created_at, sent_at, asked, minimised_at, issue_state, issue_state_at) values
  ('0d9f6c6e-6a55-5d0e-9a39-000000000005', '00000000-0000-4000-8000-000000001278', 41, 'netra-systems/apex', 1278,
    'living', 'the living comment', 'ee', 'sent', 1, 1, 9005, 'https://github.com/netra-systems/apex/issues/1278#issuecomment-9005',
    'IC_kwDO', '2025-09-15T17:21:00Z', '2025-09-15T17:21:02Z', false, null, null, null),
  ('0d9f6c6e-6a55-5d0e-9a39-000000000006', '00000000-0000-4000-8000-000000001263', 41, 'netra-systems/apex', 1263,
    'resolved', 'resolved', 'ff', 'sent', 1, 1, 9006, 'https://github.com/netra-systems/apex/issues/1263#issuecomment-9006',
    null, '2025-09-02T09:30:00Z', '2025-09-02T09:30:02Z', true, '2025-09-03T00:00:00Z', 'closed', '2025-09-02T09:30:03Z');
insert into board (incident_id, publication_id, due_at, taken_at, generation, body, written_at, pinned_at) values
  ('00000000-0000-4000-8000-000000001278', '0d9f6c6e-6a55-5d0e-9a39-000000000005', '2025-09-15T17:31:00Z', null, 2,
    'the living comment', '2025-09-15T17:21:02Z', '2025-09-15T17:21:03Z'),
  ('00000000-0000-4000-8000-000000001263', null, null, null, 1, null, null, null);
insert into criterion_state (incident_id, kind, id, result, since, changed, unmet_since, told_by, at) values
  ('00000000-0000-4000-8000-000000001278', 'success', 'healthy', 'failed', '2025-09-15T17:15:08Z', false,
    '2025-09-15T17:15:08Z', 'look', '2025-09-15T17:20:00Z'),
  ('00000000-0000-4000-8000-000000001278', 'escalation', 'two-hours', 'unknown', '2025-09-15T17:15:08Z', true, null,
    'sample', '2025-09-15T17:20:00Z');
insert into role_seen (repository_id, login, role, at) values (7000000001, 'dana', 'maintain', '2025-09-15T17:15:00Z');
