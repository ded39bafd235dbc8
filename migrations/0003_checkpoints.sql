-- What is needed to know the next checkpoint of an incident without asking GitHub. Kept with each update.

alter table incident
  add column checkpoints jsonb not null default '[]', -- distances from the declaration, ascending: ["2h", "4h", "8h"]; the last interval repeats
  add column environment text;                        -- the one that `/status` named; null for the configuration's own

-- At most one promise is open at a time: the next.
create unique index checkpoint_pending on checkpoint (incident_id) where state = 'pending';
