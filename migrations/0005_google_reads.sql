-- What all processes share of their reads of Google Cloud: what is left of each API's quota, answers of the last 30
-- seconds, and where windows end.

-- One row a project and API, locked by whoever takes reads; and what was taken within the last minute.
create table google_budget (
  project text not null,
  api text not null,                        -- host of the API
  primary key (project, api)
);
create table google_read (
  project text not null,
  api text not null,
  at timestamptz not null,
  reads integer not null check (reads > 0)
);
create index google_read_of_api on google_read (project, api, at desc);

-- Takes up to `asked` reads: gives how many were granted, and the seconds until the next one is free where not all were.
-- No minute of the clock has more than `per_minute`. The clock is the database's own where none is given.
create function take_google_reads(
  of_project text, of_api text, asked integer, per_minute integer, clock timestamptz
) returns table (granted integer, wait double precision) language plpgsql as $$
declare
  asked_at timestamptz;
  used integer;
  oldest timestamptz;
begin
  insert into google_budget (project, api) values (of_project, of_api) on conflict do nothing;
  perform 1 from google_budget where project = of_project and api = of_api for update;
  asked_at := coalesce(clock, clock_timestamp()); -- after the lock: whoever waited for it counts what was taken meanwhile
  -- What lies ahead was taken before the clock was set back.
  delete from google_read
    where project = of_project and api = of_api and (at <= asked_at - interval '1 minute' or at > asked_at + interval '1 minute');
  select coalesce(sum(reads), 0), min(at) into used, oldest
    from google_read where project = of_project and api = of_api;
  granted := greatest(0, least(asked, per_minute - used));
  if granted > 0 then
    insert into google_read (project, api, at, reads) values (of_project, of_api, asked_at, granted);
  end if;
  wait := case when granted < asked then extract(epoch from coalesce(oldest, asked_at) + interval '1 minute' - asked_at) else 0 end;
  return next;
end
$$;

-- Answers, encrypted: they hold settings and log lines as they are. Unlogged: nothing of them is in the write-ahead log,
-- hence none in backups and archives that are made of it, and a database that crashed starts without them.
create unlogged table google_answer (
  key text primary key,                     -- digest of the question
  read_at timestamptz not null,             -- by the clock of the process that asked
  sealed bytea not null,
  kept_at timestamptz not null default clock_timestamp()
);
create index google_answer_kept on google_answer (kept_at);

-- Where the window of the latest collection of a project ends.
create table google_window (
  project text primary key,
  ends_at timestamptz not null
);
