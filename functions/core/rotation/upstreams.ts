import { TOLD_TO_FOLLOWERS, type Fact, type FindingFact, type LifecycleFact } from '../findings/events.ts';
import type { Instant } from '../basics/time.ts';
import type { Upstream } from '../token/upstream.ts';

/**
 * One thing that another installation says of a token: it holds until something newer is said under the same
 * key.
 */
export interface UpstreamReport {
  /** Of which token: its secret as {@link placeOf} names it. */
  readonly of: string;
  /** `rotated`, `rotation`, or the kind and subject of a finding. */
  readonly key: string;
  readonly at: Instant;
  /** Whether this is trouble, and which. */
  readonly trouble?: string | undefined;
}

/**
 * Where a secret is, and which it is: Region, account and the last part of its ARN. Undefined for what is no
 * ARN of a secret.
 */
export function placeOf(secret: string): string | undefined {
  const match = /^arn:[^:]+:secretsmanager:([^:]+:\d{12}):secret:(.+)$/.exec(secret);
  return match?.[1] && match[2] && `${match[1]}:${match[2]}`;
}

/**
 * The place of a secret in another account or Region, at which this installation cannot look itself;
 * undefined for any other.
 */
export function foreignPlace(
  secret: string,
  here: { readonly account: string; readonly region: string },
): string | undefined {
  const place = placeOf(secret);
  return place?.startsWith(`${here.region}:${here.account}:`) ? undefined : place;
}

interface Meaning {
  readonly key: string;
  readonly trouble?: (detail: string) => string;
}

/** What of a token's life matters to those that follow it; what is not in the table does not. */
const MEANINGS: ReadonlyMap<LifecycleFact['what'], readonly Meaning[]> = new Map<
  LifecycleFact['what'],
  readonly Meaning[]
>([
  ['rotated', [{ key: 'rotated' }, { key: 'rotation' }]],
  ['rotation-aborted', [{ key: 'rotation', trouble: (detail) => detail }]],
  ['rolled-back', [{ key: 'rotation', trouble: (detail) => `It was rolled back: ${detail}` }]],
  ['enrolled', [{ key: 'looked-after' }]],
  ['detached', [{ key: 'looked-after', trouble: () => 'It is not looked after any more.' }]],
  ['retired', [{ key: 'looked-after', trouble: () => 'It is not looked after any more.' }]],
]);

function isTrouble(fact: FindingFact): boolean {
  return fact.severity === 'critical' || TOLD_TO_FOLLOWERS.findings.some((kind) => kind === fact.kind);
}

/**
 * What a fact of another installation means for tokens that follow the one it is about. Account and Region
 * are the sender's, as EventBridge itself notes them, so that no sender speaks of another's tokens. A date
 * that lies ahead is taken for now. Pure.
 */
export function upstreamReportIn(
  fact: Fact,
  from: { readonly account: string; readonly region: string },
  now: Instant,
): UpstreamReport[] {
  const said = { of: `${from.region}:${from.account}:${fact.tokenId}`, at: Math.min(fact.at, now) };
  if (fact.type === 'finding')
    return isTrouble(fact)
      ? [
          {
            ...said,
            key: `finding/${fact.kind}/${fact.subject}`,
            ...(fact.change === 'resolved' ? {} : { trouble: fact.detail }),
          },
        ]
      : [];
  return (MEANINGS.get(fact.what) ?? []).map(({ key, trouble }) => ({
    ...said,
    key,
    ...(trouble && { trouble: trouble(fact.detail) }),
  }));
}

/**
 * The upstream token as far as it was heard of. No news is good news: trouble is told at once, so what
 * rotated and is in no trouble has worked until now. The worst that false news can do is to let a rotation go
 * early, or to hold it until its end comes near.
 */
export function withUpstreamReports(name: string, heard: readonly UpstreamReport[], now: Instant): Upstream {
  const trouble = heard.find((one) => one.trouble !== undefined)?.trouble;
  const rotatedAt = heard.find((one) => one.key === 'rotated')?.at;
  return {
    name,
    seenAt: now,
    ...(rotatedAt === undefined ? {} : { rotatedAt }),
    ...(trouble === undefined ? {} : { trouble }),
  };
}
