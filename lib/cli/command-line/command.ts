import type { CommandQueue } from '../../../functions/core/ports/command-queue.ts';
import type { Inventory } from '../../../functions/core/ports/inventory.ts';
import type { Shown } from '../../../functions/core/issuer/provider.ts';
import type { Secret } from '../../../functions/core/basics/secret.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import type { Owned } from '../../../functions/core/incidents/leak-reports.ts';
import type { Instant, Millis } from '../../../functions/core/basics/time.ts';
import type { Arguments, Options } from './arguments.ts';
import type { ExitCode } from './exit.ts';
import type { OwnEntry } from '../issuers/known-issuers.ts';
import type { ManagedSecrets } from '../manifest/secrets.ts';
import type { DeadLetterQueues } from '../aws/queues.ts';
import type { SandboxControl } from '../sandbox/control.ts';
import type { SandboxStarter } from '../sandbox/file.ts';
import type { Screen } from '../output/screen.ts';
import type { AlertTopics } from '../aws/topics.ts';

/** An installation as the command reaches it. What the caller may do there is decided by IAM alone. */
export interface CliPorts {
  readonly installation: string;
  readonly inventory: Pick<
    Inventory,
    'load' | 'all' | 'history' | 'readers' | 'isComplete' | 'lastPass' | 'loadInstallationRecord'
  >;
  readonly commands: CommandQueue;
  readonly secrets: ManagedSecrets;
  /** Which tokens have, or had, the credentials with these SHA-256 digests, in their order. */
  whose(digests: readonly string[]): Promise<readonly (readonly Owned[])[]>;
  /**
   * What the issuer says of a value that a person created, asked from here with the value alone. `account`:
   * whose it has to be, where the record says it.
   */
  askIssuer(provider: string, value: Secret, account: string | undefined): Promise<Shown>;
  /**
   * Stores such a value for the next rotation of a secret. Whether the caller may is decided by IAM alone.
   */
  submitValue(secretArn: string, value: Secret): Promise<void>;
  readonly queues: DeadLetterQueues;
  readonly topics: AlertTopics;
  /** The sequence number of the last step that a function told of a finding, by its key; 0 when none. */
  lastTold(teller: 'alert' | 'chat' | 'pager', key: string): Promise<number>;
  /** Ids of the providers that this version knows. */
  readonly providers: readonly string[];
  /** Undefined for a provider that this version does not know. */
  descriptor(provider: string): ProviderDescriptor | undefined;
  /** An admin secret, as AWS lets whoever asks read it. */
  readAdmin(name: string): Promise<Secret>;
  /** The time of the installation: the sandbox has a clock of its own. */
  now(): Promise<Instant>;
  /** Set when this is a sandbox. */
  readonly control?: SandboxControl;
}

/**
 * What a command does to an installation. One that changes something takes every name whole, a token's by its
 * name, id or ARN: a name cut short may fit another one tomorrow. One that only reads may be given the
 * beginning of a token's name, and says which one it took.
 */
export type Effect = 'reads' | 'changes';

/** Everything a command needs of the world, so that tests drive it in process. */
export interface CommandContext {
  readonly args: Arguments;
  readonly effect: Effect;
  /** Standard output: what was asked for, and nothing else. */
  readonly out: Screen;
  /** Standard error: progress, questions, complaints. */
  readonly err: Screen;
  /** Whether a person can be asked. */
  readonly isTty: boolean;
  readonly ask: (question: string) => Promise<string>;
  /** Real time goes by. */
  readonly sleep: (length: Millis) => Promise<void>;
  /** Asks for one line that is not shown while it is typed. */
  readonly askHidden: (question: string) => Promise<string>;
  readonly readFile: (path: string) => Promise<string>;
  /** What comes through standard input; undefined when a person sits at it. */
  readonly readInput: () => Promise<string | undefined>;
  /** Every issuer: those that come with Keyturn, and those that the settings here declare. */
  readonly issuers: () => Promise<readonly ProviderDescriptor[]>;
  /** The issuers of the user's own that the settings here name, their files unread. */
  readonly ownIssuers: () => Promise<readonly OwnEntry[]>;
  /** Sends a request to an issuer. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Connects at the first call; commands that need no installation never do. */
  readonly ports: () => Promise<CliPorts>;
  readonly version: string;
  /** Every command, in the order of the help. */
  readonly commands: () => Promise<readonly CliCommand[]>;
  readonly startSandbox: SandboxStarter;
}

/** The groups of the help, in its order. */
export const GROUPS = ['Start', 'As code', 'Look', 'Act', 'Respond', 'Consumers', 'Operate'] as const;
export type Group = (typeof GROUPS)[number];

/** One command as it is declared: help, completion and the reference are made from this. */
export interface CliCommand {
  /** As it is typed after `keyturn`: one word, or two such as `review list`. */
  readonly name: string;
  readonly group: Group;
  readonly summary: string;
  readonly effect: Effect;
  /** Its arguments and its own options, after `keyturn` and its name. */
  readonly usage: string;
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** Its own; those of every command come on top. */
  readonly options: Options;
  /** The most positional arguments it takes. */
  readonly takes: number;
  /** What its argument may be, for completion, where that is a closed list and the usage does not say it. */
  readonly words?: readonly string[];
  /** Resolves to the exit code. Errors: CliError, or whatever the ports throw. */
  run(context: CommandContext): Promise<ExitCode>;
}
