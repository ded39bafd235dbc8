-- The life of an incident: what happened, its living comment, how long its criteria have stood as they do.

-- Only added to. How an incident stands follows from its events; the columns of `incident` are what is looked up by.
create table incident_event (
  id bigint generated always as identity primary key,
  incident_id uuid not null references incident (id) on delete cascade,
  key text not null,                        -- the same each time the call is tried again
  at timestamptz not null,                  -- when it happened
  recorded_at timestamptz not null,
  by text not null,                         -- GitHub login, or sitrep
  url text,
  body jsonb not null,
  unique (incident_id, key)
);
create index incident_event_of_incident on incident_event (incident_id, id);

alter table incident
  add column declared boolean not null default false, -- otherwise Sitrep only answers there
  add column watched boolean not null default false,  -- declared, not stood down, not resolved
  add column resolved_at timestamptz,
  add column snoozed_until timestamptz;
update incident set declared = true, watched = stage <> 'resolved', resolved_at = case when stage = 'resolved' then updated_at end;
insert into incident_event (incident_id, key, at, recorded_at, by, url, body)
  select id, 'declared', declared_at, clock_timestamp(), 'sitrep', null,
    jsonb_build_object('kind', 'declared', 'severity', severity, 'via', 'status')
  from incident;

-- The one comment of an incident that is edited in silence, and when it is refreshed next.
create table board (
  incident_id uuid primary key references incident (id) on delete cascade,
  publication_id uuid references publication (id) on delete set null,
  due_at timestamptz,                       -- null where it is refreshed no more
  taken_at timestamptz,                     -- since when a job is about it; null for none
  generation integer not null default 1,    -- 2 where somebody deleted the first comment
  body text,                                -- as we wrote it last, without what people added
  written_at timestamptz,
  pinned_at timestamptz
);
create index board_due on board (due_at);

-- Since when a success or escalation criterion stands as it does.
create table criterion_state (
  incident_id uuid not null references incident (id) on delete cascade,
  kind text not null check (kind in ('success', 'escalation')),
  id text not null,
  result text not null check (result in ('met', 'failed', 'unknown')),
  since timestamptz not null,
  changed boolean not null default false,   -- false where it stood so when it was read first: since may be earlier
  unmet_since timestamptz,                  -- begin of the last stretch in which it was not met; kept while it is met
  told_by text not null check (told_by in ('look', 'sample')),
  at timestamptz not null,                  -- when it was read last
  primary key (incident_id, kind, id)
);

alter table publication
  add column node_id text,                  -- of the comment, for GraphQL
  add column minimised_at timestamptz,
  add column issue_state text check (issue_state in ('open', 'closed')), -- what the issue is brought to after it is out
  add column issue_state_at timestamptz,    -- when that was done
  add column asked boolean not null default true; -- somebody asked for it: such do not count as noise
create index publication_unasked on publication (incident_id, created_at) where not asked;

-- A role that a person was seen to hold, for the minutes in which GitHub does not tell.
create table role_seen (
  repository_id bigint not null,
  login text not null,
  role text not null,
  at timestamptz not null,
  primary key (repository_id, login)
);

-- What a label stands for, by which it gets its colour and its description where the repository lacks it.
alter table kept_label add column meaning text not null default 'finding';
