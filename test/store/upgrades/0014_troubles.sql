insert into trouble (kind, began_at, seen_at, over_at, told, told_at) values
  ('github', '2025-09-15T17:00:00Z', '2025-09-15T17:10:00Z', null, 'begun', '2025-09-15T17:02:00Z'),
  ('checkpoints', '2025-09-15T16:00:00Z', '2025-09-15T16:10:00Z', '2025-09-15T16:12:00Z', 'over', '2025-09-15T16:12:00Z');
