-- Templates of repositories as they were read last: postings for which GitHub is not asked are laid out by them too.

create table own_templates (
  repository_id bigint primary key,
  digest text not null,                     -- SHA-256 of body, hexadecimal
  body jsonb not null,                      -- src/core/own-templates/own-templates.ts
  seen_at timestamptz not null              -- when GitHub told of them last
);
