/** What a call does to a token, as far as detection is concerned. */
export type Deed =
  | 'read'
  /** The answer repeats each read as an event of its own (Secrets Manager API Reference, "BatchGetSecretValue"): only a denial counts. */
  | 'batch'
  | 'value'
  | 'policy'
  | 'tags'
  | 'replicas'
  | 'rotation-set'
  | 'rotation-off'
  | 'deleted'
  | 'restored'
  | 'key-off'
  | 'key-on';

/** The calls that detection looks at. The rule's pattern is made of this table, so nothing else reaches the queue. */
export const WATCHED = {
  'secretsmanager.amazonaws.com': {
    GetSecretValue: 'read',
    BatchGetSecretValue: 'batch',
    PutSecretValue: 'value',
    UpdateSecret: 'value',
    UpdateSecretVersionStage: 'value',
    PutResourcePolicy: 'policy',
    DeleteResourcePolicy: 'policy',
    TagResource: 'tags',
    UntagResource: 'tags',
    ReplicateSecretToRegions: 'replicas',
    RotateSecret: 'rotation-set',
    CancelRotateSecret: 'rotation-off',
    DeleteSecret: 'deleted',
    RestoreSecret: 'restored',
  },
  'kms.amazonaws.com': {
    DisableKey: 'key-off',
    ScheduleKeyDeletion: 'key-off',
    EnableKey: 'key-on',
  },
} as const satisfies Record<string, Record<string, Deed>>;

const DEEDS: ReadonlyMap<string, Deed> = new Map(
  Object.entries(WATCHED).flatMap(([source, calls]) => Object.entries(calls).map(([name, deed]) => [`${source} ${name}`, deed] satisfies [string, Deed])),
);

/** What a call does; undefined for one that detection does not look at. */
export function deedOf(eventSource: string, eventName: string): Deed | undefined {
  return DEEDS.get(`${eventSource} ${eventName}`);
}
