-- Troubles of Sitrep itself: the last of each kind. Times are the database's own, which all replicas share.
create table trouble (
  kind text primary key,
  began_at timestamptz not null,
  seen_at timestamptz not null,             -- when a process saw last that it lasts
  over_at timestamptz,                      -- null while it lasts
  told text not null default 'nothing' check (told in ('nothing', 'begun', 'over')),
  told_at timestamptz                       -- of the last comment on the operator's issue
);
