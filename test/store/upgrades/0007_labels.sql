insert into kept_label (incident_id, name, wanted, state) values
  ('00000000-0000-4000-8000-000000001278', 'regression', true, 'set'),
  ('00000000-0000-4000-8000-000000001278', 'vpc-connector-issue', false, 'absent'),
  ('00000000-0000-4000-8000-000000001278', 'golden-path-blocked', true, 'setting'),
  ('00000000-0000-4000-8000-000000001278', 'Ärger 🔥', true, 'left');
