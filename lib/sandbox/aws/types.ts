import type { Clock } from '../clock.ts';

/** An IAM policy document, as the template or a caller wrote it. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/** Who makes a call. */
export type Principal =
  /** The account's root user: everything is allowed. For tests and for the sandbox's own set-up. */
  | { readonly kind: 'root' }
  /**
   * A session of a role, with the policies attached to the role. Keep one array per role: decisions are
   * remembered by it.
   */
  | {
      readonly kind: 'role';
      readonly name: string;
      readonly session: string;
      readonly policies: readonly PolicyDocument[];
      /** From where and with which program it calls, as CloudTrail tells it. */
      readonly from?: { readonly address: string; readonly agent: string };
      /** The ARN of the function whose session it is. */
      readonly issuedTo?: string;
    }
  /** An AWS service acting for one of its resources, such as `events.amazonaws.com` for a rule. */
  | { readonly kind: 'service'; readonly service: string; readonly sourceArn: string };

/** One thing IAM must allow before a call runs. */
export interface Check {
  readonly action: string;
  readonly resource: string;
  /** Whose resource it is; this account's unless set. In another account both sides must allow the call. */
  readonly account?: string;
  readonly resourcePolicy?: PolicyDocument | undefined;
  readonly context?: Readonly<Record<string, string | string[]>>;
}

/** A parsed call: what it touches, what must be allowed, and how to run it. */
export interface Plan {
  readonly resource: string;
  readonly checks: readonly Check[];
  run(): unknown;
}

/** Turns the input of one operation into its plan. Errors: AwsError when the input does not fit. */
export type Operation = (input: unknown, principal: Principal) => Plan;
export type Service = ReadonlyMap<string, Operation>;

export interface CallRequest {
  /**
   * As in the SigV4 scope: `secretsmanager`, `kms`, `events`, `sqs`, `sns`, `sts`, `dynamodb`, `lambda`,
   * `monitoring`.
   */
  readonly service: string;
  readonly operation: string;
  /** The input as its JSON protocol carries it: instants in epoch seconds, bytes in base64. */
  readonly input: unknown;
  readonly principal: Principal;
}

/** One line of the event log. It never holds values. */
export interface CallRecord {
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  readonly principal: string;
  readonly resource: string;
  readonly errorCode?: string;
}

/**
 * What a hook is told of a call; throwing an AwsError in `before` stops the call, in `after` it hides that
 * the call worked.
 */
export interface CallHook {
  readonly phase: 'before' | 'after';
  readonly service: string;
  readonly operation: string;
  readonly resource: string;
  readonly principal: Principal;
  /** What was asked, values included: for faults that are to meet one call among many. Nobody keeps it. */
  readonly input: unknown;
}

export type Invocation =
  | { readonly payload: unknown }
  | { readonly functionError: string; readonly errorMessage: string };
/**
 * Runs a function by name, and resolves when it has ended. It must not reject. Where the function runs in
 * another thread or process, wait for it in `clock.away`.
 */
export type Invoke = (functionName: string, payload: unknown) => Promise<Invocation>;

/** An event on its way to an event bus. */
export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources: readonly string[];
}

/** A call as CloudTrail is told of it. */
export interface TrailedCall {
  readonly service: string;
  readonly operation: string;
  readonly principal: Principal;
  readonly input: unknown;
  /** What it answered; nothing of a value is told. */
  readonly output?: unknown;
  /** The code of the error that it ended with, and its sentence. */
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

/** A message from one service to another. */
export interface Letter {
  /** For a function, JSON. */
  readonly body: string;
  readonly attributes?: Readonly<
    Record<
      string,
      {
        readonly DataType: string;
        readonly StringValue?: string | undefined;
        readonly BinaryValue?: string | undefined;
      }
    >
  >;
}

/** What every service stands on. */
export interface World {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly uuid: () => string;
  /** Puts an event of an AWS service on the default bus. */
  readonly emit: (event: BusEvent) => void;
  /**
   * Tells CloudTrail of a call; it goes no further while no rule asks for calls, since there are very many.
   */
  readonly trail: (call: TrailedCall) => void;
  /** Throws AccessDeniedException unless the principal may do it. */
  readonly authorize: (principal: Principal, check: Check) => void;
  /**
   * Invokes a function for a principal and waits for its end. Errors: AccessDeniedException,
   * ResourceNotFoundException.
   */
  readonly invoke: (principal: Principal, functionArn: string, payload: unknown) => Promise<Invocation>;
  /** Whether the function is there and its policy lets the principal invoke it. */
  readonly mayInvoke: (principal: Principal, functionArn: string) => boolean;
  /**
   * Hands a message to a queue, a topic, a function or an event bus, for a principal. Errors: AwsError when
   * it is not taken.
   */
  readonly deliver: (principal: Principal, arn: string, letter: Letter) => Promise<void>;
  /** What IAM must allow before a principal invokes a function. */
  readonly invokeCheck: (functionArn: string) => Check;
}
