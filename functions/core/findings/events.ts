import * as z from 'zod';
import { FINDING_KINDS, Outlook, Severity } from './findings.ts';
import { kept } from '../basics/record.ts';

/** The source of every event Keyturn puts on its bus. */
export const EVENT_SOURCE = 'keyturn';

const About = {
  /** Unique per fact; consumers drop what they have seen. */
  id: z.string(),
  at: z.number(),
  tokenId: z.string(),
  name: z.string(),
  issuer: z.string(),
  owner: z.string(),
  environment: z.string(),
};

/** A finding opened, got worse, was taken on by a person, or is over. */
export const FindingFact = kept({
  ...About,
  type: z.literal('finding'),
  change: z.enum(['opened', 'escalated', 'acknowledged', 'resolved']),
  kind: FINDING_KINDS,
  subject: z.string(),
  severity: Severity,
  detail: z.string(),
  sequence: z.number().int().positive(),
  outlook: Outlook.optional(),
});
export type FindingFact = z.infer<typeof FindingFact>;

/** Something happened to a token: who did what, from which cause. */
export const LifecycleFact = kept({
  ...About,
  type: z.literal('lifecycle'),
  what: z.enum([
    'enrolled',
    'rotation-started',
    'rotated',
    'rotation-aborted',
    'rolled-back',
    'revoked',
    'revocation-verified',
    'detached',
    'retired',
    'reviewed',
    'requested',
    'refused',
    'delivered',
    'moved',
    'released',
    'leaked',
    'disabled',
    'enabled',
    'contained',
    'replaced',
    'consumers-moved',
    'containment-withdrawn',
    'replacement-withdrawn',
    'move-withdrawn',
    'ordered',
    'accepted',
    'active-again',
    'forgotten',
  ]),
  detail: z.string(),
  /** Who asked, where a person did; otherwise the function that acted. */
  by: z.string(),
  /**
   * Of a step in the answer to a leak: which incident, and milliseconds since its report and, where known,
   * since the exposure.
   */
  incident: kept({
    id: z.string(),
    sinceReported: z.number(),
    sinceExposed: z.number().optional(),
  }).optional(),
});
export type LifecycleFact = z.infer<typeof LifecycleFact>;

export const Fact = z.discriminatedUnion('type', [FindingFact, LifecycleFact]);
export type Fact = z.infer<typeof Fact>;

/** The EventBridge detail-type of each kind of fact; rules, producers and the docs share these names. */
export const DETAIL_TYPES = {
  finding: 'Keyturn Finding Changed',
  lifecycle: 'Keyturn Token Changed',
} as const satisfies Record<Fact['type'], string>;

/**
 * The detail-type of a canary. The rule that takes findings takes it too; another rule that looks for
 * findings does not, so that it notifies no person.
 */
export const CANARY_DETAIL_TYPE = 'Keyturn Canary';

/**
 * The detail-type of what is put on the bus for a consumer of the kind `event`; its detail is made by
 * `wordOf`.
 */
export const DELIVERY_DETAIL_TYPE = 'Keyturn Token Delivered';

/**
 * What a token that follows another one has to hear of that: how its rotations end, and these findings, or
 * any that is critical.
 */
export const TOLD_TO_FOLLOWERS = {
  lifecycle: ['rotated', 'rotation-aborted', 'rolled-back', 'enrolled', 'detached', 'retired'],
  findings: ['secret-unusable', 'rotation-failed', 'rotation-stuck', 'token-inactive'],
} as const satisfies {
  lifecycle: readonly LifecycleFact['what'][];
  findings: readonly FindingFact['kind'][];
};

/**
 * The detail-type of a health signal that somebody puts on Keyturn's bus, with any source and the detail
 * `{"signal": "checkout-slow", "state": "ALARM"}`.
 */
export const HEALTH_SIGNAL = 'Keyturn Health Signal';
