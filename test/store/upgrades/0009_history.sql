insert into history_read (repository_id, installation_id, repository, reads, label, page, since, began_at, finished_at,
    read_at, due_at) values
  (7000000001, 41, 'netra-systems/apex', 'digest', 1, 3, null, '2025-09-15T17:15:30Z', null, '2025-09-15T17:15:30Z',
    '2025-09-15T17:16:30Z'),
  (7000000002, 42, 'Other/Repo.name', null, 0, 1, null, null, null, null, '2025-09-14T00:00:00Z');
-- The second is of a repository that no incident names any more: whose installation it was, nobody can tell.
insert into history (repository_id, issue, closed_at, updated_at, body) values
  (7000000001, 1263, '2025-09-02T09:30:00Z', '2025-09-02T09:30:00Z',
    '{"issue":1263,"title":"Staging was down","url":"https://github.com/netra-systems/apex/issues/1263",
      "openedAt":"2025-09-01T08:00:00Z","closedAt":"2025-09-02T09:30:00Z","labels":["P0"],"signatures":[{"id":"s","line":
      "connection refused"}],"components":["backend"],"cause":null,"text":"down","source":"read"}'),
  (7000000009, 5, null, '2025-08-01T00:00:00Z', '{"issue":5}');
