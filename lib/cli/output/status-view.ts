import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import { validityAt } from '../../../functions/core/validity/validity.ts';
import { currentOf } from '../../../functions/core/token/lookups.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { StatusRowJson } from '../json/tokens.ts';
import { findingView, openFindings, worstOf } from './finding-view.ts';
import { iso } from './instants.ts';
import { nextRotationOf, stateOf } from './words.ts';

/** What a token is looked at with. */
export interface Viewing {
  readonly installation: string;
  /** Undefined for a provider that this version does not know. */
  readonly facts: ProviderDescriptor | undefined;
  readonly now: Instant;
}

export function statusView(token: Token, { installation, facts, now }: Viewing): StatusRowJson {
  const current = currentOf(token);
  const next = nextRotationOf(token, facts, now);
  const open = openFindings(token);
  return {
    id: token.id,
    name: token.name,
    issuer: token.provider,
    owner: token.owner,
    environment: token.environment,
    state: stateOf(token, now),
    validity: validityAt(token, now) ?? null,
    issuedAt: iso(current?.issuedAt ?? current?.promotedAt),
    expiresAt: iso(current?.expiresAt),
    nextRotation: { kind: next.kind, at: next.kind === 'at' ? iso(next.at) : null },
    worst: worstOf(open) ?? null,
    findings: open.map((one) => findingView(one, { ...token, installation })),
  };
}
