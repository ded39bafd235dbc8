-- When a round was last taken: a process that starts takes a round that is not due yet, unless it was taken just now.
alter table round add column taken_at timestamptz;
update round set taken_at = clock_timestamp() - interval '5 minutes';
alter table round alter column taken_at set not null;
