update publication set state = 'sending', attempts = 1, fence = 1, holder = '00000000-0000-4000-8000-0000000000aa',
    lease_until = '2025-09-15T17:20:30Z', first_attempt_at = '2025-09-15T17:20:10Z', read_back = true,
    unseen_at = '2025-09-15T17:20:20Z'
  where id = '0d9f6c6e-6a55-5d0e-9a39-000000000002';
insert into delivery (guid, event, action, installation_id, repository, received_at, payload, state, finished_at, error)
  values ('5e1c0f00-0000-11f0-8000-000000000004', 'issue_comment', 'created', 41, 'netra-systems/apex',
    '2025-09-15T17:17:00Z', '{"issue":{"number":1278}}', 'cancelled', '2025-09-15T17:17:09Z', 'GitHub answered 404');
insert into acknowledgement (publication_id, comment_id, content, given_at) values
  ('0d9f6c6e-6a55-5d0e-9a39-000000000001', 901, 'rocket', '2025-09-15T17:15:12Z'),
  ('0d9f6c6e-6a55-5d0e-9a39-000000000001', 902, 'rocket', null);
insert into github_budget (installation_id, paused_until) values (41, '2099-01-01T00:00:00Z'), (42, 'epoch');
insert into github_write (installation_id, at) values (41, '2025-09-15T17:15:11Z'), (41, '2025-09-15T17:15:11Z');
insert into etag (key, etag, body, used_at) values ('netra-systems/apex .github/sitrep.yml', 'W/"1"', 'version: 1', '2025-09-15T17:15:00Z');
insert into round (name, due_at, seen_until) values ('deliveries', '2025-09-15T17:25:00Z', '2025-09-15T17:19:00Z');
insert into redelivery (guid, attempts, last_at) values ('5e1c0f00-0000-11f0-8000-000000000009', 2, '2025-09-15T17:10:00Z');
