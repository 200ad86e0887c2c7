import { evidenceFor } from '../../core/delivery/evidence.ts';
import type { Judgement } from '../../core/delivery/signs.ts';
import { EXPIRED } from '../../core/validity/expiry.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Session } from '../../core/issuer/provider.ts';
import type { Evidence } from '../../core/consumers/consumer-state.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Work } from '../open-token/context.ts';
import { signsOf } from '../evidence/signs.ts';

/** What ended by itself did not end for lack of use. */
export function reasonOfEnd(one: Credential, hasEnded: boolean, evidence: Evidence | undefined): string {
  if (one.withoutGrace) return one.reason ?? 'a person asked for it';
  return hasEnded ? EXPIRED : reasonFor(evidence);
}

type Seen = Judgement & { readonly noted: Partial<Credential>; readonly hasEnded?: boolean };

/** Whether consumers have moved; at the maximum grace period the policy may do without an answer. */
export async function judge(work: Work, one: Credential, session: Session, ports: Ports): Promise<Seen> {
  const { token } = work.record;
  const now = ports.now();
  const { signs, noted, hasEnded } = await signsOf({ ...work, session }, one, ports);
  if (hasEnded)
    return { outcome: 'moved', evidence: { at: now, strength: 'time', grounds: [] }, noted, hasEnded };
  const judged = evidenceFor(token, one, signs, now);
  const isOverdue = now >= (one.supersededAt ?? 0) + token.policy.maxGrace;
  if (judged.outcome === 'moved' || !isOverdue || token.policy.onMaxGrace === 'keep')
    return { ...judged, noted };
  const grounds = judged.pendingConsumers.map(({ who, why }) => ({ by: who, what: `not moved: ${why}` }));
  return { outcome: 'moved', evidence: { at: now, strength: 'forced', grounds }, noted };
}

function reasonFor(evidence: Evidence | undefined): string {
  switch (evidence?.strength) {
    case 'strong':
      return 'its successor is in use, grace is over and the issuer sees no use of it';
    case 'weak':
      return 'its successor is in use, grace is over and its consumers have moved';
    case 'forced':
      return (
        'the maximum grace period is over, and the policy does not hold it for consumers that have not ' +
        'moved'
      );
    case 'time':
    case undefined:
      return 'its successor is in use and grace is over';
  }
}
