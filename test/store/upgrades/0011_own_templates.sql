insert into own_templates (repository_id, digest, body, seen_at) values
  (7000000001, 'd1', '{"kinds":{"status":"{{title}}"},"partials":{},"refused":[]}', '2025-09-15T17:15:00Z'),
  (7000000009, 'd2', '{"kinds":{},"partials":{},"refused":[]}', '2025-09-15T17:15:00Z');
