import { demandLabel, demandLabelCount } from './limits.ts';
import { findLabel } from './world.ts';
import type { Author, Issue, Label, Repository, World } from './world.ts';
import type { Delivery } from '../types.ts';

export function createLabel(
  world: World,
  repository: Repository,
  { name, color = 'ededed', description = '' }: { name: string; color?: string; description?: string },
): Label {
  demandLabel(name, description, color);
  const label: Label = {
    id: world.nextId(),
    name,
    color: color.toLowerCase(),
    description: description === '' ? null : description,
  };
  repository.labels.push(label);
  return label;
}

/** Adds labels to an issue; those that the repository lacks come into being, as at GitHub. */
export function addLabels(
  world: World,
  repository: Repository,
  issue: Issue,
  sender: Author,
  names: readonly string[],
): (Delivery | null)[] {
  const fresh = names.filter(
    (name, index) =>
      !findLabel(issue.labels, name) &&
      names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === index,
  );
  for (const name of fresh) demandLabel(name, '', 'ededed');
  demandLabelCount(issue.labels.length + fresh.length);
  return fresh.map((name) => {
    const label = findLabel(repository.labels, name) ?? createLabel(world, repository, { name });
    issue.labels.push(label);
    issue.updatedAt = world.clock.now();
    return world.announce({ name: 'issues.labeled', repository, issue, label, sender });
  });
}

/** Gives null where the issue does not carry the label. */
export function removeLabel(
  world: World,
  repository: Repository,
  issue: Issue,
  sender: Author,
  name: string,
): { delivery: Delivery | null } | null {
  const label = findLabel(issue.labels, name);
  if (!label) return null;
  issue.labels = issue.labels.filter((other) => other !== label);
  issue.updatedAt = world.clock.now();
  return { delivery: world.announce({ name: 'issues.unlabeled', repository, issue, label, sender }) };
}

/** Makes the issue's labels these and no others. */
export function replaceLabels(
  world: World,
  repository: Repository,
  issue: Issue,
  sender: Author,
  names: readonly string[],
): void {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  demandLabelCount(wanted.size);
  for (const label of issue.labels.filter(({ name }) => !wanted.has(name.toLowerCase()))) {
    removeLabel(world, repository, issue, sender, label.name);
  }
  addLabels(world, repository, issue, sender, names);
}
