update incident set checkpoints = '["2h","4h","8h"]', environment = 'production'
  where id = '00000000-0000-4000-8000-000000001278';
insert into checkpoint (incident_id, kind, due_at, state) values
  ('00000000-0000-4000-8000-000000001278', '2h', '2025-09-15T19:15:00.123Z', 'done'),
  ('00000000-0000-4000-8000-000000001278', '4h', '2025-09-15T21:15:00.123Z', 'pending');
