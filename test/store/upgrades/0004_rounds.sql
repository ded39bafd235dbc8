insert into round (name, due_at, taken_at, seen_until) values ('thin-samples', '2025-09-15T18:00:00Z', '2025-09-15T17:00:00Z', null);
