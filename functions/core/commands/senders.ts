import * as z from 'zod';
import { Command } from './commands.ts';

type Kind = Command['kind'];

/** Functions of Keyturn that worker functions know by the unique id of their roles. */
export const MACHINES = ['router', 'sweep', 'reconcile', 'rotate', 'leaks', 'health'] as const;
export type Machine = (typeof MACHINES)[number];

/**
 * On whose word a command is carried out. The router speaks for people only. What has no known sender comes
 * from `unknown`.
 */
export const SENDERS = ['person', 'sweep', 'reconcile', 'rotate', 'leaks', 'health', 'unknown'] as const;
export type Sender = (typeof SENDERS)[number];

/** Who may send which command. A kind without a row does not compile. */
export const SENT_BY = {
  settle: ['sweep'],
  // Of what a new admin credential made on trial, the rotation itself asks for the end.
  retire: ['sweep', 'rotate'],
  // These two only make Keyturn look: at what a person has fixed or registered, too.
  examine: ['reconcile', 'unknown'],
  inspect: ['person', 'sweep', 'reconcile', 'unknown'],
  rotate: ['person'],
  rollback: ['person', 'sweep'],
  revoke: ['person'],
  forget: ['person'],
  enable: ['person'],
  review: ['person'],
  end: ['person'],
  withdraw: ['health'],
  compromise: ['person', 'leaks'],
  moved: ['person'],
  redeliver: ['person'],
  using: ['person'],
  released: ['person'],
  acknowledge: ['person'],
  accept: ['person'],
  'confirm-host': ['person'],
  'test-alert': ['person'],
} as const satisfies Record<Kind, readonly Sender[]>;

/** Whether a command may be what lets a credential end, at once or earlier than otherwise. */
export const CAN_END = {
  settle: true,
  retire: true,
  examine: false,
  inspect: false,
  rotate: true,
  rollback: true,
  revoke: true,
  // What holds up the end of the same credential in another token is gone with it.
  forget: true,
  // It ends nothing, and what outsiders may have is active again: no function may repeat that.
  enable: true,
  review: false,
  end: true,
  withdraw: true,
  compromise: true,
  moved: true,
  redeliver: false,
  using: true,
  released: true,
  acknowledge: false,
  accept: false,
  // Values that are sent elsewhere end nothing, and yet no function may repeat that.
  'confirm-host': true,
  'test-alert': false,
} as const satisfies Record<Kind, boolean>;

/** A person's command as the router hands it on, with the principal that SQS noted. */
export const Forwarded = z.strictObject({ command: Command, requestedBy: z.string().min(1).max(300) });
export type Forwarded = z.infer<typeof Forwarded>;

/** What a worker queue carries. */
export const Letter = z.union([Forwarded, Command]);
export type Letter = z.infer<typeof Letter>;

/** Where the router sends what people ask for. Errors: `provider-unknown`, `aws-failed`. */
export interface ForwardQueue {
  send(provider: string, forwarded: Forwarded): Promise<void>;
}

/** What SQS and Lambda say of a message; none of it can be written by its sender. */
export interface Origin {
  readonly queueArn: string;
  /**
   * `SenderId`: for a role `<role id>:<session>`, for a user its id (SQS API reference, "ReceiveMessage"; IAM
   * user guide, "Unique identifiers").
   */
  readonly senderId: string;
  /** It has the system attribute `DeadLetterQueueSourceArn`: it was given up once. */
  readonly isRedriven: boolean;
}

/** What a worker function knows of its surroundings. */
export interface Gatekeeper {
  readonly queueArn: string;
  readonly roles: Readonly<Record<Machine, string>>;
}

export type Admission =
  | { readonly outcome: 'admitted'; readonly command: Command; readonly by: string }
  /** `isKnown`: a role of Keyturn asked for what it never has to: a mistake, or an attack. */
  | {
      readonly outcome: 'refused';
      readonly sender: Sender | 'router';
      readonly kind: Kind;
      readonly isKnown: boolean;
    };

/**
 * Decides on whose word a message is carried out. Only the router may name a person, and it may name nothing
 * else. A message that was moved back from a dead-letter queue is a new one to SQS (SQS developer guide,
 * "Configure a dead-letter queue redrive"), which does not say whom it then notes as its sender: where it is
 * the one who moved it, that sender is unknown here, and the sweep asks again for what is still needed.
 */
export function admit(letter: Letter, origin: Origin, gatekeeper: Gatekeeper): Admission {
  const isForwarded = 'requestedBy' in letter;
  const command = isForwarded ? letter.command : letter;
  const machine = machineOf(origin, gatekeeper);
  const sender = speaker(machine, isForwarded);
  const allowed: readonly string[] = SENT_BY[command.kind];
  if (!allowed.includes(sender))
    return { outcome: 'refused', sender, kind: command.kind, isKnown: machine !== undefined };
  return {
    outcome: 'admitted',
    command,
    by: isForwarded && sender === 'person' ? letter.requestedBy : origin.senderId,
  };
}

function machineOf({ queueArn, senderId, isRedriven }: Origin, gatekeeper: Gatekeeper): Machine | undefined {
  if (isRedriven || queueArn !== gatekeeper.queueArn) return undefined;
  const [roleId, session] = senderId.split(':');
  return session === undefined ? undefined : MACHINES.find((one) => gatekeeper.roles[one] === roleId);
}

function speaker(machine: Machine | undefined, isForwarded: boolean): Sender | 'router' {
  if (machine === undefined) return 'unknown';
  if (machine === 'router') return isForwarded ? 'person' : 'router';
  return isForwarded ? 'unknown' : machine;
}

/**
 * Whether the router hands a person's command on: its kind is a person's, and one that can end a credential
 * was not given up before.
 */
export function mayAsk(command: Command, { isRedriven }: Pick<Origin, 'isRedriven'>): boolean {
  const allowed: readonly Sender[] = SENT_BY[command.kind];
  return allowed.includes('person') && !(isRedriven && CAN_END[command.kind]);
}
