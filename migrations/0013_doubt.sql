-- Since when the record may have forgotten what was done: the database was put back from an older copy. At most one row.
create table doubt (
  one boolean primary key default true check (one),
  since timestamptz not null,               -- GitHub is looked through from here on before anything is posted again
  raised_at timestamptz not null default clock_timestamp()
);
