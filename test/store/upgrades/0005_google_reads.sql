insert into google_budget (project, api) values ('netra-staging', 'logging.googleapis.com');
insert into google_read (project, api, at, reads) values
  ('netra-staging', 'logging.googleapis.com', '2025-09-15T17:15:08Z', 12),
  ('netra-staging', 'logging.googleapis.com', '2025-09-15T17:15:08Z', 12);
insert into google_answer (key, read_at, sealed) values ('digest', '2025-09-15T17:15:08Z', '\x00ff0102');
insert into google_window (project, ends_at) values ('netra-staging', '2025-09-15T17:15:00Z');
