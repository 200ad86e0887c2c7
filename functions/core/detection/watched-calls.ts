/** What a call does to a token, as far as detection is concerned. */
export type Deed =
  | 'read'
  /**
   * The answer repeats each read as an event of its own (Secrets Manager API Reference,
   * "BatchGetSecretValue"): only a denial counts.
   */
  | 'batch'
  | 'list'
  /** What exactly, the parameters say: `changes.ts`. */
  | 'changed'
  | 'rotation-set'
  | 'rotation-disabled'
  | 'deleted'
  | 'restored'
  | 'key-off'
  | 'key-on';

/**
 * The calls that detection looks at. The rule's pattern is made of this table and the next, so nothing else
 * reaches the queue.
 */
export const WATCHED = {
  'secretsmanager.amazonaws.com': {
    GetSecretValue: 'read',
    BatchGetSecretValue: 'batch',
    PutSecretValue: 'changed',
    UpdateSecret: 'changed',
    UpdateSecretVersionStage: 'changed',
    PutResourcePolicy: 'changed',
    DeleteResourcePolicy: 'changed',
    TagResource: 'changed',
    UntagResource: 'changed',
    ReplicateSecretToRegions: 'changed',
    RemoveRegionsFromReplication: 'changed',
    StopReplicationToReplica: 'changed',
    RotateSecret: 'rotation-set',
    CancelRotateSecret: 'rotation-disabled',
    DeleteSecret: 'deleted',
    RestoreSecret: 'restored',
  },
  'kms.amazonaws.com': {
    DisableKey: 'key-off',
    ScheduleKeyDeletion: 'key-off',
    EnableKey: 'key-on',
  },
} as const satisfies Record<string, Record<string, Deed>>;

/** Calls that tell something only when they are denied; others of them are many, and never leave the bus. */
export const WATCHED_DENIED = {
  'secretsmanager.amazonaws.com': { ListSecrets: 'list' },
} as const satisfies Record<string, Record<string, Deed>>;

/**
 * How the codes of a denial begin. Source: recorded events of CloudTrail, and "Handling errors" in the API
 * references of both services.
 */
export const DENIED = ['AccessDenied', 'UnauthorizedOperation', 'Client.UnauthorizedOperation'] as const;

type Calls = (typeof WATCHED)['secretsmanager.amazonaws.com'];
/** The names of the calls that change something. */
export type Changing = { [Name in keyof Calls]: Calls[Name] extends 'changed' ? Name : never }[keyof Calls];

const TABLES: readonly Readonly<Record<string, Readonly<Record<string, Deed>>>>[] = [WATCHED, WATCHED_DENIED];
const DEEDS: ReadonlyMap<string, Deed> = new Map(
  TABLES.flatMap((table) =>
    Object.entries(table).flatMap(([source, calls]) =>
      Object.entries(calls).map(([name, deed]) => [`${source} ${name}`, deed] satisfies [string, Deed]),
    ),
  ),
);

/** What a call does; undefined for one that detection does not look at. */
export function deedOf(eventSource: string, eventName: string): Deed | undefined {
  return DEEDS.get(`${eventSource} ${eventName}`);
}

export function isDenial(errorCode: string | null | undefined): boolean {
  return DENIED.some((code) => errorCode?.startsWith(code) === true);
}
