import type { PendingLabel } from '../../lib/sandbox/aws/secrets-manager/state.ts';
import type { Fault } from '../world/faults.ts';

/** Who asks an installation for something: `secret` counts from 0 and wraps around. */
export type Ask =
  | 'rotate'
  | 'rollback'
  | 'end'
  | 'detach'
  | 'approve'
  | 'console-rotates'
  | 'leaked'
  | 'switch-on'
  | 'inspect';
export const LABEL_MOVES = [
  'current-back',
  'pending-on-current',
  'pending-on-previous',
  'pending-on-new',
  'own-on-previous',
  'own-off',
  'pending-off',
] as const;
export const PUTS = [
  'good',
  'revoked',
  'copy',
  'wrapped',
  'other-field',
  'white-space',
  'bearer',
  'rubbish',
  'empty-object',
] as const;
export const GATEWAYS = ['page-200', 'page-401', 'unavailable', 'admin-refused'] as const;

/** One thing that happens in a fleet. */
export type Move =
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'ask'; readonly secret: number; readonly what: Ask }
  | { readonly kind: 'revoke'; readonly secret: number; readonly which: 'current' | 'previous' }
  /** The value is stored once more, under another name. */
  | {
      readonly kind: 'copy';
      readonly secret: number;
      readonly how: 'granted' | 'without-grant' | 'other-admin' | 'neighbor';
    }
  | { readonly kind: 'delete'; readonly secret: number; readonly how: 'scheduled' | 'forced' }
  | { readonly kind: 'restore'; readonly secret: number }
  | { readonly kind: 'remake'; readonly secret: number; readonly value: 'same' | 'other' | 'none' }
  | { readonly kind: 'label'; readonly secret: number; readonly how: (typeof LABEL_MOVES)[number] }
  | { readonly kind: 'put'; readonly secret: number; readonly what: (typeof PUTS)[number] }
  /** The grant names the account of another secret, or its own again. */
  | { readonly kind: 'grant'; readonly secret: number; readonly to: 'another' | 'own' | 'nothing' }
  | { readonly kind: 'host'; readonly to: 'strange' | 'own' }
  | { readonly kind: 'revoke-by-hand'; readonly secret: number; readonly which: 'current' | 'other' }
  | { readonly kind: 'scope'; readonly secret: number }
  | { readonly kind: 'gone'; readonly secret: number }
  | { readonly kind: 'replica'; readonly secret: number; readonly status: 'Failed' | 'InSync' | 'none' }
  | { readonly kind: 'lists'; readonly secret: number; readonly how: 'omit' | 'delay' | 'whole' }
  | { readonly kind: 'names'; readonly how: 'prefix' | 'shorten' | 'whole' }
  | { readonly kind: 'gateway'; readonly how: (typeof GATEWAYS)[number]; readonly minutes: number }
  | { readonly kind: 'policy'; readonly secret: number; readonly tags: Readonly<Record<string, string>> }
  | { readonly kind: 'fault'; readonly after: number; readonly fault: Fault };

/**
 * How a consumer uses its secret: reads it every few minutes, keeps it as long as its policy's cache says,
 * keeps one for hours, or reads it at its start alone.
 */
export const CONSUMERS = ['polls', 'caches', 'lags', 'boots'] as const;
export type ConsumerKind = (typeof CONSUMERS)[number];

/** What a fleet is made with. */
export interface Setup {
  readonly provider: string;
  /** What each secret holds at first: a value made by hand, or nothing; and who uses it. */
  readonly secrets: readonly { readonly value: 'by-hand' | 'empty'; readonly consumer: ConsumerKind }[];
  readonly pendingLabel: PendingLabel;
  /** How far reads of Secrets Manager lag behind, in milliseconds. */
  readonly stale: number;
  readonly reusesIds: boolean;
  readonly disorder: boolean;
  /** Another installation on the same issuer. */
  readonly neighbor: 'none' | 'account' | 'installation';
}

export interface Walk {
  readonly setup: Setup;
  readonly moves: readonly Move[];
}
