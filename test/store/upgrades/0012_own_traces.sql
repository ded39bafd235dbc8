insert into audit (key, installation_id, repository_id, at, who, what, repository, issue, delivery, detail) values
  ('audit key', 41, 7000000001, '2025-09-15T17:24:00Z', 'dana', 'command', 'netra-systems/apex', 1278,
    '5e1c0f00-0000-11f0-8000-000000000001', '{"line":"/status"}'),
  (null, 42, 7000000002, '2025-09-15T17:25:00Z', 'sitrep', 'label set', 'Other/Repo.name', 1300, null, null);
insert into forgotten (installation_id, repository_id, at) values (43, 0, '2025-09-12T00:00:00Z'), (41, 77, '2025-09-12T00:00:00Z');
insert into publication (id, incident_id, installation_id, repository_id, delivery, repository, issue, kind, body,
    body_hash, state, created_at) values
  ('0d9f6c6e-6a55-5d0e-9a39-000000000007', '00000000-0000-4000-8000-000000001278', 41, 7000000001,
    '5e1c0f00-0000-11f0-8000-000000000001', 'netra-systems/apex', 1278, 'checkpoint', 'checkpoint', '00', 'pending',
    '2025-09-15T17:26:00Z');
update kept_label set delivery = '5e1c0f00-0000-11f0-8000-000000000001' where name = 'regression';
insert into etag (installation_id, repository_id, key, etag, body, used_at) values
  (41, 7000000001, '.github/sitrep.yml', 'W/"2"', 'AAEC', '2025-09-15T17:15:00Z');
insert into role_seen (installation_id, repository_id, login, role, at) values (41, 7000000001, 'erin', 'write', '2025-09-15T17:15:00Z');
