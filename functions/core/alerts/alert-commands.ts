import { ENDINGS } from '../assessment/endings.ts';
import type { InstallationScope } from '../basics/names.ts';
import { shellCommand } from '../basics/shell.ts';
import type { FindingFact } from '../findings/events.ts';
import type { FindingKind } from '../findings/findings.ts';
import type { Digest } from './notices.ts';
import { INSTALLATION_RECORD_ID } from '../inventory/installation.ts';

/** What a finding is about, as far as a command has to name it. */
export type CommandSubject = Pick<FindingFact, 'tokenId' | 'name' | 'kind' | 'subject'>;

/** Commands to paste, with the names that they need. */
export interface AlertCommands {
  /** Shows the finding and what it is about, and changes nothing. */
  readonly look: string | undefined;
  /**
   * Ends it, once what its section of the runbook names is fixed; undefined where a name of it is not known
   * here.
   */
  readonly end: string | undefined;
  /** It says that what the finding shows is normal. */
  readonly dismisses: boolean;
}

/** Which installation a command is for. A person has more than one, and a profile of their own for each. */
export type Where = Partial<Pick<InstallationScope, 'name' | 'region'>>;

/**
 * The commands for a finding, made from the same table as the runbook, {@link ENDINGS}: its placeholders are
 * filled with the names of this finding, quoted for a shell. A placeholder that the finding does not say
 * leaves the command out: what is printed can be pasted as it is.
 */
export function commandsFor(about: CommandSubject, installation: Where): AlertCommands {
  const [program, ...ending] = ENDINGS[about.kind].command.split(' ');
  return {
    look: keyturnCommand(['show', shownName(about)], installation),
    end:
      program === 'aws' ? awsCommand(ending, about, installation) : ownCommand(ending, about, installation),
    dismisses: ending[0] === 'dismiss',
  };
}

/**
 * A command of Keyturn for one installation, as it is pasted where `npm ci` ran. `options` are its own;
 * a name that begins with a hyphen stands behind `--`, so that it is never taken for one.
 */
export function keyturnCommand(
  words: readonly string[],
  { name, region }: Where,
  options: readonly string[] = [],
): string | undefined {
  const flags = [...options, ...flag('--installation', name), ...flag('--region', region)];
  const line = words.some((word) => word.startsWith('-')) ? [...flags, '--', ...words] : [...words, ...flags];
  return shellCommand(['npx', '--no', 'keyturn', ...line]);
}

function flag(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}

/**
 * The command that shows what a digest tells of. Findings of the installation itself are under no owner of a
 * token.
 */
export function digestCommand({ open, over, passed, owner }: Digest, where: Where): string | undefined {
  const isAllOwn = [...open, ...over, ...passed].every(isOwn);
  return isAllOwn
    ? keyturnCommand(['show', INSTALLATION_RECORD_ID], where)
    : keyturnCommand(['status'], where, [`--owner=${owner}`]);
}

/** What is an option is known before names are filled in: none of them can become one. */
function ownCommand(
  ending: readonly string[],
  about: CommandSubject,
  installation: Where,
): string | undefined {
  const words = filled(
    ending.filter((word) => !word.startsWith('--')),
    about,
  );
  const options = ending.filter((word) => word.startsWith('--'));
  return words && keyturnCommand(words, installation, options);
}

function awsCommand(ending: readonly string[], about: CommandSubject, { region }: Where): string | undefined {
  const words = filled(ending, about);
  return words && shellCommand(['aws', ...words, ...flag('--region', region)]);
}

function isOwn({ tokenId }: CommandSubject): boolean {
  return tokenId === INSTALLATION_RECORD_ID;
}

function shownName(about: CommandSubject): string {
  return isOwn(about) ? INSTALLATION_RECORD_ID : about.name;
}

/** What fills each placeholder of the table; undefined where a finding does not say it. */
const PLACEHOLDERS: Readonly<Record<string, (about: CommandSubject) => string | undefined>> = {
  TOKEN: (about) => (isOwn(about) ? undefined : about.name),
  CREDENTIAL: named,
  CONSUMER: named,
  'replica/REGION': named,
  // What has no subject is dismissed by its kind.
  SUBJECT: (about) => named(about) ?? about.kind,
  ADMIN: adminSecret,
  KEY: named,
  TRAIL: () => undefined,
  // Its sentence names the rotation, where one has to be forgotten.
  ROTATION: () => undefined,
};

function named({ subject }: CommandSubject): string | undefined {
  return subject === '' ? undefined : subject;
}

/** What names the admin secret in the subject of a finding. */
const ADMIN_SUBJECTS: Partial<Record<FindingKind, (subject: string) => string>> = {
  'admin-credential-expiring': (subject) => subject,
  'admin-credential-unusable': (subject) => subject,
  // Behind the name stands the fingerprint of one of the credentials that the secret may hold.
  'admin-credential-leaked': (subject) => subject.slice(0, Math.max(subject.lastIndexOf('/'), 0)),
};

/** The admin secret that a finding is about, by the part of its subject that is a name. */
export function adminSecret({ kind, subject }: CommandSubject): string | undefined {
  const name = ADMIN_SUBJECTS[kind]?.(subject);
  return name === '' ? undefined : name;
}

function filled(words: readonly string[], about: CommandSubject): string[] | undefined {
  const found = words.map((word) => {
    const fill = Object.hasOwn(PLACEHOLDERS, word) ? PLACEHOLDERS[word] : undefined;
    return fill ? fill(about) : word;
  });
  const known = found.filter((word) => word !== undefined);
  return known.length === words.length ? known : undefined;
}
