import { didYouMean } from '../did-you-mean.ts';
import { type Role, roles, roleSuffices } from '../roles.ts';
import { code, join, plain, say, type Text } from '../text.ts';
import type { RefusalUpdate } from '../update.ts';
import { replyFooter } from './reply-footer.ts';

/** Comments that say why a command was not carried out, and what to write instead. */

/** A command that nobody knows, or whose words make no sense; with what was meant, and the usage. */
export function composeMalformed(input: {
  written: string;
  /** The command of that name; null where there is none. */
  command: { usage: string; examples: readonly string[] } | null;
  /** Whole lines that may have been meant. */
  meant: readonly string[];
  version: string;
}): RefusalUpdate {
  const { written, command, meant, version } = input;
  const question =
    meant.length === 0
      ? null
      : say`Did you mean ${join(
          meant.map((line) => code(line)),
          say` or `,
        )}?`;
  if (command !== null) {
    const lines = [...(question === null ? [] : [question]), ...usageLines(command)];
    return refusal(say`😕 ${code(written)} was not understood`, lines, version);
  }
  const all = say`${code('/sitrep help')} lists all commands.`;
  return refusal(
    say`😕 ${code(written)} is not a command`,
    [question === null ? all : say`${question} ${all}`],
    version,
  );
}

/** A command that its author may not give. */
interface NotAllowed {
  usage: string;
  actor: string;
  needed: Role;
  /** The role in the repository. */
  held: Role;
  /** What GitHub answered instead of telling who may; null where it told. */
  insteadOf: string | null;
  version: string;
}

/** A command that needs a higher role than its author holds, or of whose author GitHub tells no role. */
export function composeMissingRole(input: NotAllowed): RefusalUpdate {
  const { usage, actor, needed, held, insteadOf, version } = input;
  const holds = held === 'none' ? say`no role` : say`the role **${plain(held)}**`;
  const enough = join(
    roles.filter((role) => roleSuffices(role, needed)).map((role) => plain(role)),
    say` or `,
  );
  const line =
    insteadOf === null
      ? say`${code(actor)} holds ${holds} in this repository.`
      : say`Which role ${code(actor)} holds in this repository GitHub does not tell: it answered ${code(insteadOf)}, and that is no yes. The operator finds more in the log.`;
  return refusal(
    say`👎 ${code(usage)} needs the role **${plain(needed)}**`,
    [say`${line} People with ${enough} can use it.`],
    version,
  );
}

/** A command for which the role is enough, and one of the operator's teams is missing. */
export function composeMissingTeam(input: NotAllowed & { teams: readonly string[] }): RefusalUpdate {
  const { usage, actor, needed, held, teams, insteadOf, version } = input;
  const named = join(
    teams.map((team) => code(team)),
    say` or `,
  );
  const lines = [
    say`${code(actor)} holds the role **${plain(held)}** in this repository. The operator of Sitrep asks for a membership of ${named} beside it.`,
    ...(insteadOf === null
      ? []
      : [
          say`Whether ${code(actor)} is a member GitHub does not tell: it answered ${code(insteadOf)}. The App needs the organisation's permission **Members: read** for it.`,
        ]),
  ];
  return refusal(say`👎 ${code(usage)} needs a team beside the role **${plain(needed)}**`, lines, version);
}

/** A public repository to which the operator grants nothing. */
export function composePublicRepository(input: {
  owner: string;
  name: string;
  version: string;
}): RefusalUpdate {
  return refusal(
    say`👎 Nothing was read: ${code(`${input.owner}/${input.name}`)} is public`,
    [
      say`Comments here can be read by everybody. The operator of Sitrep can allow it with an entry for this repository in ${code('sitrep.policy.yml')}: updates then show states and durations, and everything with ${code('public: full')}.`,
    ],
    input.version,
  );
}

/** An update that shows what was read, and was not made for everybody. */
export function composeNotForAll(input: { owner: string; name: string; version: string }): RefusalUpdate {
  return refusal(
    say`👎 This update is not shown: ${code(`${input.owner}/${input.name}`)} is public`,
    [say`It was not redacted, which is a fault of Sitrep. The operator finds it in the log.`],
    input.version,
  );
}

/** A command that changes an incident, where there is none. */
export function composeNotAnIncident(input: { usage: string; version: string }): RefusalUpdate {
  return refusal(
    say`👎 This issue is no incident`,
    [
      say`${code(plainCommand(input.usage))} needs one. ${code('/sitrep declare')} opens it, as one of the labels does that ${code('labels.incident')} in ${code('.github/sitrep.yml')} names.`,
    ],
    input.version,
  );
}

/** A command that waits, since GitHub does not tell who may use it. */
export function composeRolesUntold(input: { usage: string; version: string }): RefusalUpdate {
  return refusal(
    say`⏳ ${code(plainCommand(input.usage))} waits`,
    [
      say`GitHub does not tell roles now, and this changes the incident. It is tried again by itself, for an hour; nothing has to be written again.`,
    ],
    input.version,
  );
}

/** A contact that the configuration does not name. */
export function composeUnknownContact(input: {
  asked: string;
  known: readonly string[];
  meant: string | null;
  version: string;
}): RefusalUpdate {
  const { asked, known, meant, version } = input;
  const lines =
    known.length === 0
      ? [say`Contacts are named under ${code('contacts')} in ${code('.github/sitrep.yml')}.`]
      : [
          ...(meant === null ? [] : [say`Did you mean ${code(meant)}?`]),
          say`Write one of: ${join(known.map((contact) => code(`/sitrep escalate ${contact}`)))}.`,
        ];
  return refusal(say`😕 There is no contact ${code(asked)}`, lines, version);
}

/** An environment that the configuration does not name. */
export function composeNoEnvironment(input: {
  asked: string;
  names: readonly string[];
  version: string;
}): RefusalUpdate {
  const { asked, names, version } = input;
  const headline =
    asked === ''
      ? say`😕 Which environment?`
      : say`😕 There is no environment ${code(asked)} in ${code('.github/sitrep.yml')}`;
  const known = names.map((name) => code(`/status ${name}`));
  const near = didYouMean(asked, names);
  const meant = near === null ? say`` : say`Did you mean ${code(`/status ${near}`)}? `;
  const line =
    known.length === 0
      ? say`It has one environment only: ${code('/status')}.`
      : say`${meant}Write one of: ${join(known)}.`;
  return refusal(headline, [line], version);
}

/** A call that kept failing for reasons that its author cannot see; the reference leads the operator to the log. */
export function composeGivenUp(input: { reference: string; version: string }): RefusalUpdate {
  return refusal(
    say`😕 This could not be carried out`,
    [
      say`It was tried several times, and GitHub or Sitrep's database kept failing. Write the command again later; the operator finds the reason in the log under ${code(input.reference)}.`,
    ],
    input.version,
  );
}

/** The command without what may or must be put behind it: `/status` of `/status [ENVIRONMENT]`. */
function plainCommand(usage: string): string {
  return /^\/[a-z-]+(?: [a-z-]+(?=\s|$))*/.exec(usage)?.[0] ?? usage;
}

function usageLines({ usage, examples }: { usage: string; examples: readonly string[] }): Text[] {
  const shown = examples.map((example) => code(example));
  return [
    say`**Usage:** ${code(usage)}`,
    ...(shown.length === 0 ? [] : [say`**For example:** ${join(shown)}`]),
  ];
}

function refusal(headline: Text, lines: readonly Text[], version: string): RefusalUpdate {
  return { kind: 'refusal', headline, lines, footer: replyFooter(version) };
}
