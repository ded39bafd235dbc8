-- What keeps effects outside to one: the outbox' read-back, reactions that follow a comment, the budget of writes at
-- GitHub, and the sweep of missed deliveries. Times here are the database's own, which all replicas share.

alter table delivery drop constraint delivery_state_check;
alter table delivery add constraint delivery_state_check check (state in ('received', 'done', 'failed', 'cancelled'));

alter table publication
  add column holder uuid,                   -- process that has the claim
  add column read_back boolean not null default false, -- an attempt may have been posted: look before the next one
  add column unseen_at timestamptz;         -- when it was first looked for in vain

-- Reactions on the command, set when the comment that answers it is out. One answer may serve several commands.
create table acknowledgement (
  publication_id uuid not null references publication (id) on delete cascade,
  comment_id bigint not null,
  content text not null,
  given_at timestamptz,
  primary key (publication_id, comment_id, content)
);

-- The budget of writes at GitHub: one row an installation, locked by whoever takes from it, and one for each write
-- within the last hour.
create table github_budget (
  installation_id bigint primary key,
  bucket_full_at timestamptz not null default 'epoch', -- when the bucket will be full again
  paused_until timestamptz not null default 'epoch'    -- GitHub asked for a pause
);
create table github_write (
  installation_id bigint not null,
  at timestamptz not null
);
create index github_write_of_installation on github_write (installation_id, at desc);

-- Takes one write: gives 0, or the seconds after which to ask again. A token bucket of size `burst` that is filled
-- `per_second` times a second, kept as the time at which it will be full; and the writes of the last minute and hour.
-- Those who are sent away come back spread over the time that all which waits will take, not all at once.
create function take_github_write(
  installation bigint, burst integer, per_second double precision, per_minute integer, per_hour integer
) returns double precision language plpgsql as $$
declare
  asked_at timestamptz;
  budget github_budget;
  wait double precision;
begin
  insert into github_budget (installation_id) values (installation) on conflict do nothing;
  select * into budget from github_budget where installation_id = installation for update;
  asked_at := clock_timestamp(); -- after the lock: whoever waited for it counts what was taken meanwhile
  select greatest(
      extract(epoch from budget.paused_until - asked_at),
      extract(epoch from budget.bucket_full_at - asked_at) - (burst - 1) / per_second,
      max(case place when per_minute then 60 - age when per_hour then 3600 - age end)
    ) into wait
  from (
    select extract(epoch from asked_at - at) as age, row_number() over (order by at desc) as place
    from github_write
    where installation_id = installation and at > asked_at - interval '1 hour'
  ) recent;
  if wait > 0 then
    return wait + random() / per_second * greatest(0, (
      select count(*) from publication where installation_id = installation and state in ('pending', 'sending')) - 1);
  end if;
  update github_budget
    set bucket_full_at = greatest(budget.bucket_full_at, asked_at) + interval '1 second' / per_second
    where installation_id = installation;
  insert into github_write (installation_id, at) values (installation, asked_at);
  return 0;
end
$$;

-- The last answer of a GitHub address, so that an unchanged one costs a 304.
create table etag (
  key text primary key,
  etag text not null,
  body text not null,
  used_at timestamptz not null
);

-- Work that comes round: whoever moves `due_at` on does it, so that of all replicas one does.
create table round (
  name text primary key,
  due_at timestamptz not null,
  seen_until timestamptz                    -- of the sweep: GitHub's time of the newest delivery that was looked at
);

-- Deliveries that GitHub was asked to send again.
create table redelivery (
  guid text primary key,
  attempts integer not null,
  last_at timestamptz not null
);
