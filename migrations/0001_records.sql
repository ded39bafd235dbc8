-- What Sitrep records. Runs on PostgreSQL 15 and later, and on PGlite. Forward only: a change is a new file.
-- Times that are compared with GitHub's or shown to people come from the application; only lease_until is the
-- database's own, so that processes with different clocks agree on who may post.

create table delivery (
  guid text primary key,                    -- X-GitHub-Delivery
  event text not null,                      -- X-GitHub-Event
  action text,
  installation_id bigint,
  repository text,
  received_at timestamptz not null,
  payload jsonb not null,                   -- trimmed to what handlers read
  state text not null default 'received' check (state in ('received', 'done', 'failed')),
  dedupe_key text unique,                   -- event, comment id and its updated_at: two hooks, one comment
  finished_at timestamptz,
  error text
);
create index delivery_unfinished on delivery (received_at) where state = 'received';
create index delivery_finished on delivery (finished_at) where state <> 'received';

create table incident (
  id uuid primary key default gen_random_uuid(),
  installation_id bigint not null,
  repository_id bigint not null,            -- stays when a repository is renamed
  repository text not null,                 -- owner/name
  issue integer not null check (issue > 0),
  title text not null,
  severity text check (severity in ('P0', 'P1', 'P2', 'P3')),
  stage text not null check (stage in ('investigating', 'identified', 'mitigating', 'monitoring', 'resolved')),
  declared_at timestamptz not null,
  lead text,
  regression_of integer not null default 0 check (regression_of >= 0),
  next_evidence integer not null default 1 check (next_evidence > 0),
  updated_at timestamptz not null,
  unique (repository_id, issue)
);
create index incident_open on incident (updated_at) where stage <> 'resolved';

create table publication (
  id uuid primary key,                      -- derived from what is posted: the same posting has the same id
  incident_id uuid references incident (id) on delete cascade,
  installation_id bigint not null,
  repository text not null,
  issue integer not null check (issue > 0),
  kind text not null,
  body text not null,
  body_hash text not null,                  -- SHA-256 of body, hexadecimal
  state text not null default 'pending' check (state in ('pending', 'sending', 'sent', 'failed')),
  attempts integer not null default 0,
  fence integer not null default 0,         -- grows with each claim: an older claim cannot record its result
  lease_until timestamptz,
  first_attempt_at timestamptz,
  comment_id bigint,
  comment_url text,
  created_at timestamptz not null,
  sent_at timestamptz,
  error text
);
create index publication_unfinished on publication (created_at) where state in ('pending', 'sending');
create index publication_of_incident on publication (incident_id, kind, created_at);

create table snapshot (
  id bigint generated always as identity primary key,
  incident_id uuid not null references incident (id) on delete cascade,
  taken_at timestamptz not null,
  body jsonb not null,
  diagnosis jsonb,
  publication_id uuid references publication (id) on delete set null
);
create index snapshot_of_incident on snapshot (incident_id, id desc);
create index snapshot_of_publication on snapshot (publication_id) where publication_id is not null;

create table checkpoint (
  incident_id uuid not null references incident (id) on delete cascade,
  kind text not null,
  due_at timestamptz not null,
  state text not null default 'pending' check (state in ('pending', 'done', 'cancelled')),
  primary key (incident_id, kind)
);
create index checkpoint_due on checkpoint (due_at) where state = 'pending';

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  who text not null,
  what text not null,
  repository text,
  issue integer,
  delivery text,
  detail jsonb
);
create index audit_of_issue on audit (repository, issue, id);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit is append-only: % is not allowed', tg_op;
end
$$;
create trigger audit_append_only before update or delete or truncate on audit
  for each statement execute function audit_is_append_only();
