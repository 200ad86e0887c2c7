import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { formatInstant, type Instant } from '../basics/time.ts';
import type { IssuerSigns, Verdict } from './signs.ts';

/**
 * A question of our own is no consumer's use. It may hide one, since the issuer tells only the latest use and
 * none that follows within its step: so much time has to be quiet after it all the same.
 */
export function issuerVerdict(token: Token, old: Credential, issuer: IssuerSigns, now: Instant): Verdict {
  const since = old.supersededAt ?? now;
  if (!issuer.listed && issuer.isRefused)
    return { ground: { by: 'issuer', what: 'its list does not show it, and it refuses the value', at: now } };
  if (!issuer.listed)
    return {
      pendingConsumer: {
        who: 'issuer',
        why: "the issuer's list does not show it, so nothing tells whether it is used",
        since,
      },
      lookAt: now + issuer.every,
    };
  const used = issuer.lastUsedAt;
  if (used === undefined) return { ground: { by: 'issuer', what: 'the issuer shows no use of it' } };
  const quietAt = used + token.policy.unusedFor + issuer.every;
  if (issuer.isOwn === true) return ownUseVerdict({ used, quietAt, since }, now);
  if (quietAt <= now)
    return { ground: { by: 'issuer', what: `the issuer saw its last use ${formatInstant(used)}`, at: used } };
  return {
    pendingConsumer: {
      who: 'issuer',
      why: `it was last used ${formatInstant(used)}`,
      since,
      lastReadAt: used,
    },
    lookAt: quietAt,
  };
}

function ownUseVerdict(
  { used, quietAt, since }: { used: Instant; quietAt: Instant; since: Instant },
  now: Instant,
): Verdict {
  if (quietAt <= now)
    return {
      ground: {
        by: 'issuer',
        what: `the issuer saw no use of it since Keyturn asked about it ${formatInstant(used)}`,
        at: used,
      },
    };
  return {
    pendingConsumer: {
      who: 'issuer',
      why: `Keyturn itself asked about it ${formatInstant(used)}, which may hide another use`,
      since,
    },
    lookAt: quietAt,
  };
}
