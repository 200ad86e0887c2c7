import type { Fact, FindingFact, LifecycleFact } from '../../functions/core/findings/events.ts';
import { DEFAULT_POLICY } from '../../functions/core/policy/policy.ts';
import type { Token } from '../../functions/core/token/token.ts';

export const T0 = Date.UTC(2026, 0, 5, 9);

/** A token as it is right after enrolment; tests change what they are about. */
export function aToken(change: Partial<Token> = {}): Token {
  const name = change.name ?? 'prod/billing/ci';
  const id = change.id ?? `${name}-AbC123`;
  return {
    id,
    secretArn: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${id}`,
    name,
    provider: 'gitlab',
    owner: 'team-billing',
    environment: 'production',
    purpose: 'CI',
    policy: DEFAULT_POLICY,
    enrolledAt: T0,
    attempts: [],
    credentials: [],
    findings: [],
    suspects: [],
    noted: [],
    failures: 0,
    outbox: [],
    ...change,
  };
}

const ABOUT = {
  at: T0,
  tokenId: 'prod/billing/ci-AbC123',
  name: 'prod/billing/ci',
  issuer: 'gitlab',
  owner: 'team-billing',
  environment: 'production',
};

export function aFinding(change: Partial<FindingFact> = {}): FindingFact {
  return {
    ...ABOUT,
    type: 'finding',
    id: `finding-${change.kind ?? 'token-expiring'}-${change.sequence ?? 1}`,
    change: 'opened',
    kind: 'token-expiring',
    subject: '',
    severity: 'critical',
    detail: 'It expires on 2026-01-08 and was not rotated.',
    sequence: 1,
    ...change,
  };
}

export function aLifecycleFact(change: Partial<LifecycleFact> = {}): LifecycleFact {
  return {
    ...ABOUT,
    type: 'lifecycle',
    id: `life-${change.what ?? 'rotated'}`,
    what: 'rotated',
    detail: 'The token was replaced.',
    by: 'keyturn',
    ...change,
  };
}

export function facts(count: number): Fact[] {
  return Array.from({ length: count }, (_, index) =>
    aLifecycleFact({ id: `life-${String(index).padStart(3, '0')}`, at: T0 + index }),
  );
}
