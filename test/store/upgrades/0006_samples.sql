insert into sampling (incident_id, due_at, taken_at, looked_at) values
  ('00000000-0000-4000-8000-000000001278', '2025-09-15T17:22:00Z', '2025-09-15T17:21:00Z', null);
insert into sample (incident_id, at, pause_s, badness, reads, figures, tier) values
  ('00000000-0000-4000-8000-000000001278', '2025-09-15T17:19:00Z', null, 0.1, 'r1', '{}', 2),
  ('00000000-0000-4000-8000-000000001278', '2025-09-15T17:20:00Z', 60, 0.75, 'r1',
    '{"backend":[["latency.p95",1.5e-7,"s","backend-00750"],["requests",12]]}', 0);
