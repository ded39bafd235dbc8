-- Labels that Sitrep keeps on an incident's issue, from what it finds. A person's own label is never taken away, and one
-- of ours that a person took away comes back only for a new finding.

create table kept_label (
  incident_id uuid not null references incident (id) on delete cascade,
  name text not null,
  wanted boolean not null,               -- as the last update that could tell has it
  state text not null default 'absent' check (state in ('absent', 'setting', 'set', 'left')),
                                         -- setting: a POST may be out; left: a person took it away
  primary key (incident_id, name)
);
