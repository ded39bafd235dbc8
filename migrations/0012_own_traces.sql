-- What Sitrep did is told by the audit, and whose each row is: what belongs to an installation can be found and removed.

alter table audit
  add column key text unique,               -- the same each time the call is tried again: one entry; null for none
  add column installation_id bigint,
  add column repository_id bigint;
drop index audit_of_issue;
create index audit_of_issue on audit (lower(repository), issue, id);
create index audit_of_installation on audit (installation_id, repository_id);
create index audit_at on audit (at);

-- Append-only but for the two functions below, which set this for their own run.
create or replace function audit_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('sitrep.forgets_audit', true) = 'yes' then
    return null;
  end if;
  raise exception 'audit is append-only: % is not allowed', tg_op;
end
$$;

-- Retention: gives how many entries were older.
create function forget_audit_before(limit_at timestamptz) returns bigint
language plpgsql set sitrep.forgets_audit = 'yes' as $$
declare
  gone bigint;
begin
  delete from audit where at < limit_at;
  get diagnostics gone = row_count;
  return gone;
end
$$;

-- An installation that was removed, or one repository of it; null for all of them.
create function forget_audit_of(installation bigint, of_repository bigint) returns bigint
language plpgsql set sitrep.forgets_audit = 'yes' as $$
declare
  gone bigint;
begin
  delete from audit
    where installation_id = installation and (of_repository is null or repository_id = of_repository);
  get diagnostics gone = row_count;
  return gone;
end
$$;

-- Installations that were removed, and repositories that were taken from one: what still runs for them records nothing.
create table forgotten (
  installation_id bigint not null,
  repository_id bigint not null default 0,  -- 0 for all of the installation
  at timestamptz not null,
  primary key (installation_id, repository_id)
);

alter table publication
  add column repository_id bigint,          -- null for postings of earlier versions without an incident
  add column delivery text;                 -- GUID of the delivery that asked for it; null where nobody did
update publication set repository_id = incident.repository_id from incident where incident.id = publication.incident_id;
update publication set repository_id = (
  select repository_id from incident
  where incident.installation_id = publication.installation_id and incident.repository = publication.repository limit 1)
  where repository_id is null;
create index publication_of_installation on publication (installation_id);
alter table kept_label add column delivery text; -- GUID of the delivery by which it was last found to belong there, or not
create index incident_of_installation on incident (installation_id);
create index delivery_of_installation on delivery (installation_id);

-- Caches: read anew when they are needed next.
delete from etag;
alter table etag
  add column installation_id bigint not null,
  add column repository_id bigint not null,
  drop constraint etag_pkey,
  add primary key (installation_id, repository_id, key);
delete from role_seen;
alter table role_seen
  add column installation_id bigint not null,
  drop constraint role_seen_pkey,
  add primary key (installation_id, repository_id, login);

-- Whose installation the repository was when it was read last.
alter table own_templates add column installation_id bigint;
update own_templates set installation_id = (
  select installation_id from incident where incident.repository_id = own_templates.repository_id limit 1);
delete from own_templates where installation_id is null;
alter table own_templates
  alter column installation_id set not null,
  drop constraint own_templates_pkey,
  add primary key (installation_id, repository_id);
alter table history add column installation_id bigint;
update history set installation_id = (
  select installation_id from history_read where history_read.repository_id = history.repository_id);
update history set installation_id = (
  select installation_id from incident where incident.repository_id = history.repository_id limit 1)
  where installation_id is null;
delete from history where installation_id is null;
alter table history
  alter column installation_id set not null,
  drop constraint history_pkey,
  add primary key (installation_id, repository_id, issue);
