import { roles } from './operations.ts';
import type { Role } from './operations.ts';
import { createComment, deleteComment, editComment } from './state/comments.ts';
import type { Place } from './state/comments.ts';
import {
  assign,
  closeIssue,
  deleteIssue,
  editIssue,
  openIssue,
  reopenIssue,
  setLocked,
  unassign,
} from './state/issues.ts';
import { addLabels, removeLabel } from './state/labels.ts';
import { bareRepository } from './state/repositories.ts';
import { joinTeam } from './state/teams.ts';
import { transferIssue } from './state/transfer.ts';
import { accountOf, commentsOf, repositoryKey, roleOf, stamp } from './state/world.ts';
import type { Author, Comment, Issue, Repository, World } from './state/world.ts';
import type { Delivery, GitHubStandIn, ThreadComment } from './types.ts';
import type { Hook } from './webhooks/hook.ts';

/** What people do on GitHub's pages, and what can be seen there. */

export type Doors = Pick<
  GitHubStandIn,
  | 'comment'
  | 'editComment'
  | 'deleteComment'
  | 'label'
  | 'openIssue'
  | 'closeIssue'
  | 'reopenIssue'
  | 'editIssue'
  | 'assign'
  | 'unassign'
  | 'transferIssue'
  | 'thread'
  | 'issue'
  | 'putFile'
  | 'putBranch'
  | 'setRole'
  | 'setTeam'
  | 'deleteIssue'
  | 'lock'
  | 'unlock'
  | 'redeliver'
  | 'deliverTo'
>;

interface DoorDependencies {
  world: World;
  hook: Hook;
  repository: Repository;
  changed: () => void;
}

function person(world: World, repository: Repository, login: string, needed: Role): Author {
  const role = roleOf(repository, login);
  const held = role === 'none' && !repository.private ? 'read' : role;
  if (roles.indexOf(held) < roles.indexOf(needed)) {
    throw new Error(`${login} has the role ${role} in ${repository.name}; this needs ${needed}`);
  }
  return { login: accountOf(world, login).login, viaApp: false };
}

function issueIn(repository: Repository, number: number): Issue {
  const issue = repository.issues.get(number);
  if (!issue) throw new Error(`${repository.name} has no issue #${number}`);
  return issue;
}

function placeIn(repository: Repository, id: number): Place {
  const comment = repository.comments.get(id);
  if (!comment) throw new Error(`${repository.name} has no comment ${id}`);
  return { repository, comment, issue: issueIn(repository, comment.issue) };
}

/** Own comments and issues are changed by anybody who may write them, those of others from the role write on. */
function roleToChange(written: Comment | Issue, login: string): Role {
  return written.author.login.toLowerCase() === login.toLowerCase() ? 'read' : 'write';
}

function threadComment(world: World, comment: Comment): ThreadComment {
  const account = accountOf(world, comment.author.login);
  return {
    id: comment.id,
    by: account.login,
    bot: account.type === 'Bot',
    at: stamp(comment.at),
    editedAt: comment.edited ? stamp(comment.updatedAt) : null,
    body: comment.body,
    reactions: comment.reactions.map(({ content }) => content),
    minimized: comment.minimized,
    pinned: comment.pin !== null,
  };
}

function changeLabel(
  world: World,
  repository: Repository,
  by: string,
  number: number,
  change: { add?: string; remove?: string },
) {
  const sender = person(world, repository, by, 'triage');
  const issue = issueIn(repository, number);
  const removed =
    change.remove === undefined ? null : removeLabel(world, repository, issue, sender, change.remove);
  const added = change.add === undefined ? [] : addLabels(world, repository, issue, sender, [change.add]);
  return added[0] ?? removed?.delivery ?? null;
}

export function createDoors({ world, hook, repository, changed }: DoorDependencies): Doors {
  const sent = async (delivery: Delivery | null): Promise<{ delivery: Delivery | null }> => {
    changed();
    await hook.send();
    return { delivery };
  };

  return {
    async comment(by, number, body) {
      const issue = issueIn(repository, number);
      const author = person(world, repository, by, issue.locked ? 'write' : 'read');
      const { comment, delivery } = createComment(world, repository, issue, author, body);
      return { commentId: comment.id, ...(await sent(delivery)) };
    },
    async editComment(by, id, body) {
      const place = placeIn(repository, id);
      return sent(
        editComment(world, place, person(world, repository, by, roleToChange(place.comment, by)), body),
      );
    },
    async deleteComment(by, id) {
      const place = placeIn(repository, id);
      return sent(
        deleteComment(world, place, person(world, repository, by, roleToChange(place.comment, by))),
      );
    },
    async label(by, number, change) {
      return sent(changeLabel(world, repository, by, number, change));
    },
    async openIssue(by, { title, body = '', labels = [] }) {
      const author = person(world, repository, by, labels.length > 0 ? 'triage' : 'read');
      const { issue, delivery } = openIssue(world, repository, author, { title, body, labels });
      return { number: issue.number, ...(await sent(delivery)) };
    },
    async closeIssue(by, number, reason = 'completed') {
      const issue = issueIn(repository, number);
      return sent(closeIssue(world, repository, issue, person(world, repository, by, 'triage'), reason));
    },
    async reopenIssue(by, number) {
      return sent(
        reopenIssue(world, repository, issueIn(repository, number), person(world, repository, by, 'triage')),
      );
    },
    async editIssue(by, number, change) {
      const issue = issueIn(repository, number);
      const sender = person(world, repository, by, roleToChange(issue, by));
      return sent(editIssue(world, repository, issue, sender, change));
    },
    async assign(by, number, login) {
      const sender = person(world, repository, by, 'triage');
      const [delivery] = assign(world, repository, issueIn(repository, number), sender, [login]);
      return sent(delivery ?? null);
    },
    async unassign(by, number, login) {
      const sender = person(world, repository, by, 'triage');
      const [delivery] = unassign(world, repository, issueIn(repository, number), sender, [login]);
      return sent(delivery ?? null);
    },
    thread: (number) =>
      commentsOf(repository, issueIn(repository, number).number).map((comment) =>
        threadComment(world, comment),
      ),
    issue(number) {
      const { title, body, state, labels, assignees, author, at } = issueIn(repository, number);
      const names = labels.map(({ name }) => name);
      return {
        number,
        title,
        body: body ?? '',
        state,
        labels: names,
        assignees: [...assignees],
        by: author.login,
        at: stamp(at),
      };
    },
    putFile(path, text) {
      if (text === null) repository.files.delete(path);
      else repository.files.set(path, text);
    },
    putBranch(name, added) {
      const files = new Map([...repository.files, ...Object.entries(added)]);
      repository.branches.set(name, { commits: [...repository.commits], files });
    },
    async deleteIssue(by, number) {
      const sender = person(world, repository, by, 'admin');
      return sent(deleteIssue(world, repository, issueIn(repository, number), sender));
    },
    async lock(by, number) {
      const sender = person(world, repository, by, 'write');
      return sent(setLocked(world, repository, issueIn(repository, number), sender, true));
    },
    async unlock(by, number) {
      const sender = person(world, repository, by, 'write');
      return sent(setLocked(world, repository, issueIn(repository, number), sender, false));
    },
    async transferIssue(by, number, { name, installed = true }) {
      const issue = issueIn(repository, number);
      const sender = person(world, repository, by, 'write');
      const key = repositoryKey(repository.owner.login, name);
      const to = world.repositories.get(key) ?? bareRepository(world, repository, name, installed);
      person(world, to, by, 'write');
      const moved = transferIssue(world, { repository, issue }, to, sender);
      return { number: moved.issue.number, ...(await sent(moved.delivery)) };
    },
    setTeam: (slug, login, state) => joinTeam(world, repository.owner, slug, login, state),
    setRole: (login, role) => void repository.roles.set(login.toLowerCase(), role),
    async redeliver(guid) {
      const known = hook.deliveries.findLast((delivery) => delivery.guid === guid);
      if (!known) throw new Error(`No delivery has the GUID ${guid}`);
      const again = hook.again(known);
      await hook.send();
      return again;
    },
    deliverTo(url) {
      if (url !== null && new URL(url).protocol !== 'http:')
        throw new Error(`${url}: webhooks go over http here`);
      hook.url = url;
    },
  };
}
