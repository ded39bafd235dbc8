-- What the light set read, once a minute, of each open incident; thinned with age (src/store/samples.ts).

create table sample (
  incident_id uuid not null references incident (id) on delete cascade,
  at timestamptz not null,
  pause_s integer,                          -- longest time without a sample before it, in what it stands for; null at the first
  badness real not null,                    -- the worst of several is kept
  reads text not null,                      -- what was asked: samples of another configuration are not compared
  figures text not null,                    -- JSON, as text: half the size of jsonb, and nobody looks into it
  tier smallint not null default 0,         -- 0 as it was taken, 1 left of five minutes, 2 left of half an hour
  primary key (incident_id, at)
);
create index sample_to_thin on sample (tier, at);

-- Incidents that are sampled, and when next.
create table sampling (
  incident_id uuid primary key references incident (id) on delete cascade,
  due_at timestamptz not null,
  taken_at timestamptz,                     -- since when a job is about it; null for none
  looked_at timestamptz                     -- when GitHub was asked last whether the issue is still there and open
);
create index sampling_due on sampling (due_at);
