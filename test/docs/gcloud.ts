/**
 * What `gcloud` takes, of all that the pages call: each command with its flags and how many words it needs, from the
 * pages of gcloud's reference. It cannot be asked here: there is no network, and it is no package.
 */
export const gcloudCommands: Record<string, { words: number; flags: readonly string[] }> = {
  'auth application-default login': { words: 0, flags: [] },
  'config set': { words: 2, flags: [] },
  'services enable': { words: Infinity, flags: [] },
  'iam service-accounts create': { words: 1, flags: ['display-name'] },
  'projects add-iam-policy-binding': { words: 1, flags: ['member', 'role', 'condition'] },
  'storage buckets add-iam-policy-binding': { words: 1, flags: ['member', 'role'] },
  'sql instances create': {
    words: 1,
    flags: [
      'region',
      'database-version',
      'edition',
      'tier',
      'availability-type',
      'backup',
      'enable-point-in-time-recovery',
      'ssl-mode',
    ],
  },
  'sql databases create': { words: 1, flags: ['instance'] },
  'sql users create': { words: 1, flags: ['instance', 'password'] },
  'secrets create': { words: 1, flags: ['replication-policy', 'locations', 'data-file'] },
  'secrets add-iam-policy-binding': { words: 1, flags: ['member', 'role'] },
  'artifacts repositories create': {
    words: 1,
    flags: ['location', 'repository-format', 'mode', 'remote-docker-repo'],
  },
  'run services replace': { words: 1, flags: ['region'] },
  'run services add-iam-policy-binding': { words: 1, flags: ['region', 'member', 'role'] },
  'run services describe': { words: 1, flags: ['region', 'format'] },
};

/** What is wrong with a call, given as words after `gcloud`; null where nothing is. */
export function wrongGcloud(words: readonly string[]): string | null {
  const plain = words.filter((word) => !word.startsWith('--'));
  const flags = words
    .filter((word) => word.startsWith('--'))
    .map((word) => word.slice(2).split('=', 1)[0] ?? '');
  const name = Object.keys(gcloudCommands).find((command) => `${plain.join(' ')} `.startsWith(`${command} `));
  const command = gcloudCommands[name ?? ''];
  if (name === undefined || command === undefined) return `there is no command ${plain.join(' ')}`;
  const unknown = flags.find((flag) => !command.flags.includes(flag));
  if (unknown !== undefined) return `${name} has no flag --${unknown}`;
  const given = plain.length - name.split(' ').length;
  const isEnough = command.words === Infinity ? given > 0 : given === command.words;
  return isEnough ? null : `${name} takes ${String(command.words)}, not ${String(given)}`;
}
