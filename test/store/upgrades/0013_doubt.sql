insert into doubt (since) values ('2025-09-15T17:00:00Z');
