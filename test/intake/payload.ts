/** A payload as GitHub sends it, with fields that Sitrep does not read. */
export function commentPayload(
  changes: { body?: string; action?: string; sender?: object; issue?: object } = {},
) {
  const sender = changes.sender ?? { login: 'carol', type: 'User', id: 7 };
  return {
    action: changes.action ?? 'created',
    installation: { id: 41, node_id: 'x' },
    repository: {
      id: 9,
      name: 'shop',
      full_name: 'acme/shop',
      private: true,
      owner: { login: 'acme', id: 3 },
      description: 'filler',
    },
    issue: {
      number: 12,
      title: 'Chat is down',
      html_url: 'https://github.example/acme/shop/issues/12',
      state: 'open',
      created_at: '2025-09-15T17:15:00Z',
      comments: 3,
      labels: [{ name: 'P0', color: 'red' }],
      ...changes.issue,
    },
    comment: {
      id: 501,
      html_url: 'https://github.example/acme/shop/issues/12#issuecomment-501',
      body: changes.body ?? '/status',
      updated_at: '2025-09-15T18:05:00Z',
      user: sender,
    },
    sender,
  };
}

/** A payload of `issues` as GitHub sends it, with fields that Sitrep does not read. */
export function issuePayload(
  changes: { action?: string; label?: object | null; sender?: object; issue?: object } = {},
) {
  const { issue, repository, installation, sender } = commentPayload(
    changes.sender === undefined ? {} : { sender: changes.sender },
  );
  const { label = { id: 4, name: 'P0', color: 'b60205' } } = changes;
  return {
    action: changes.action ?? 'labeled',
    installation,
    repository,
    issue: {
      ...issue,
      id: 77,
      updated_at: '2025-09-15T17:16:00Z',
      body: 'filler',
      ...changes.issue,
    },
    ...(label === null ? {} : { label }),
    sender,
  };
}
