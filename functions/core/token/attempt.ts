import * as z from 'zod';
import { MadeAt } from '../issuer/reach.ts';
import { kept, keptApart } from '../basics/record.ts';

/** One creation, noted before the call is made, so that a lost answer is known to be possible. */
export const Mint = kept({
  at: z.number(),
  /** Handles the principal had before, where that is how a lost creation is found. */
  before: z.array(z.string()).readonly().optional(),
  handle: z.string().optional(),
  fingerprint: z.string().optional(),
  /** Where it was made. */
  reach: MadeAt.optional(),
  /** The slot that it is for, where slots have names. */
  slot: z.string().optional(),
  /** When the issuer made it, by its own clock, where its answer told. */
  createdAt: z.number().optional(),
  expiresAt: z.number().optional(),
  scopes: z.array(z.string()).readonly().optional(),
  /** Chosen by us and stored, and not sent to its issuer yet. */
  unsent: z.boolean().optional(),
  /** Made by the new admin credential to prove that it can create credentials; never stored. */
  trial: z.boolean().optional(),
  /** Never answered, and a person had it looked for no more: nothing tells whether it left anything. */
  forgotten: kept({ at: z.number(), by: z.string(), reason: z.string() }).optional(),
});
export type Mint = z.infer<typeof Mint>;

export const Cause = z.enum([
  'due',
  'expiry',
  'first',
  'inactive',
  'operator',
  'console',
  'retry',
  'incident',
]);
export type Cause = z.infer<typeof Cause>;

const AttemptMembers = kept({
  id: z.string(),
  cause: Cause,
  state: z.enum(['open', 'promoting', 'promoted', 'aborting', 'aborted']),
  openedAt: z.number(),
  /** From here on the sweep settles the attempt: records what happened, or aborts it. */
  deadline: z.number(),
  /** While this lies ahead, one invocation works on the attempt and no other may. */
  leaseUntil: z.number().optional(),
  leaseOwner: z.string().optional(),
  mints: z.array(Mint).readonly(),
  /** When the issuer was seen to accept the new value; without it nothing is promoted. */
  testedAt: z.number().optional(),
  /** The issuer rejected the new value; it cannot be overwritten, so the attempt has to be aborted. */
  inactive: z.boolean().optional(),
  /** Given up for an incident, which is no failure of it. */
  halted: z.boolean().optional(),
  endedAt: z.number().optional(),
  /** When its label was last about to be moved; recording the promotion may come later. */
  promotingAt: z.number().optional(),
  /** Every credential it may have created is accounted for. */
  tidy: z.boolean().optional(),
});
/**
 * One try to replace a token, keyed by its ClientRequestToken, which becomes the version id. A state that is
 * not known is not guessed at: the record is refused.
 */
export const Attempt = keptApart(AttemptMembers, {
  words: { cause: { of: Cause, instead: { cause: 'due' } } },
});
export type Attempt = z.infer<typeof Attempt>;
