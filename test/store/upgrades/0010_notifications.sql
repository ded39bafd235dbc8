insert into notification (id, incident_id, publication_id, contact, channel, body, state, attempts, created_at, settled_at,
    error) values
  ('0d9f6c6e-6a55-5d0e-9a39-0000000000e1', '00000000-0000-4000-8000-000000001278', null, 'infra', 'PAGER_URL',
    '{"kind":"declared","at":"2025-09-15T17:15:00Z","repository":"netra-systems/apex","issue":1278,
      "issueUrl":"https://github.com/netra-systems/apex/issues/1278","contact":"infra","severity":"P0","stage":null,
      "headline":null}', 'pending', 3, '2025-09-15T17:15:00Z', null, 'no answer within 10 s'),
  ('0d9f6c6e-6a55-5d0e-9a39-0000000000e2', '00000000-0000-4000-8000-000000001278',
    '0d9f6c6e-6a55-5d0e-9a39-000000000001', 'infra', 'PAGER_URL', '{}', 'sent', 1, '2025-09-15T17:15:00Z',
    '2025-09-15T17:15:01Z', null);
