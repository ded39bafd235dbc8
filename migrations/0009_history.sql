-- Earlier incidents of each repository, with which new ones are compared (src/core/regression/).

create table history (
  repository_id bigint not null,
  issue bigint not null,
  closed_at timestamptz,                    -- null while it is open
  updated_at timestamptz not null,          -- of the issue, when it was read or recorded
  body jsonb not null,                      -- src/core/regression/earlier-incident.ts
  primary key (repository_id, issue)
);

-- How far the issues of a repository are read, and when the next page is.
create table history_read (
  repository_id bigint primary key,
  installation_id bigint not null,
  repository text not null,                 -- owner/name, as it was at the last incident
  reads text,                               -- digest of the configuration that they are read by; null before the first page
  label integer not null default 0,         -- which of the incident labels is read
  page integer not null default 1,
  since timestamptz,                        -- only what changed since; null for all
  began_at timestamptz,                     -- when the round under way began; null between two
  finished_at timestamptz,                  -- when all was read last
  read_at timestamptz,                      -- when a page was taken last: one a minute and installation
  due_at timestamptz not null
);
create index history_read_due on history_read (due_at);
create index history_read_of_installation on history_read (installation_id, read_at);
