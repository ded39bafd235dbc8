-- What goes out to people beside GitHub: each once, by a way that the operator configured.

create table notification (
  id uuid primary key,                      -- also the id that the receiver sees: the same at each try
  incident_id uuid not null references incident (id) on delete cascade,
  publication_id uuid references publication (id) on delete set null, -- the update that it links to
  contact text not null,
  channel text not null,                    -- name of the variable that holds the address; the address itself is not kept
  body jsonb not null,
  state text not null default 'pending' check (state in ('pending', 'sent', 'failed')),
  attempts integer not null default 0,
  created_at timestamptz not null,
  settled_at timestamptz,
  error text
);
create index notification_of_incident on notification (incident_id);
