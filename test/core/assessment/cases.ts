import { REVOKE_WITHIN } from '../../../functions/core/policy/timing.ts';
import { OVERDUE_AFTER } from '../../../functions/core/assessment/assess-status.ts';
import { CRITICAL_LEFT } from '../../../functions/core/assessment/time-left.ts';
import { STUCK_AFTER, type Facts } from '../../../functions/core/assessment/assess-rotation.ts';
import { assess } from '../../../functions/core/assessment/assess.ts';
import type { FindingKind } from '../../../functions/core/findings/findings.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import { NO_ANSWER_AFTER } from '../../../functions/core/validity/validity.ts';
import { DAY, HOUR, SECOND } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0 } from '../../fakes/tokens.ts';
import { NO_LAGS, slotsOf } from '../../fakes/facts.ts';

export const FACTS: Facts = { slots: slotsOf(3), lags: NO_LAGS };

export function current(change: Partial<Credential> = {}): Credential {
  return {
    id: 'v1',
    handle: 'h1',
    origin: 'minted',
    state: 'current',
    issuedAt: T0,
    promotedAt: T0,
    ...change,
  };
}

export function old(change: Partial<Credential> = {}): Credential {
  return { id: 'v0', handle: 'h0', origin: 'minted', state: 'previous', supersededAt: T0, ...change };
}

export function kinds(token: Token, now: number, facts: Facts | undefined = FACTS): string[] {
  return assess(token, facts, now).map((one) => `${one.kind} ${one.severity}`);
}

/** Each kind of finding: a token that has it, one a moment before, and how bad it is. */
export const CASES: readonly {
  kind: FindingKind;
  severity: string;
  token: Partial<Token>;
  at: number;
  quietAt?: number;
  facts?: Facts;
}[] = [
  { kind: 'secret-unusable', severity: 'warning', token: { unusable: 'The tag is missing.' }, at: T0 },
  {
    kind: 'secret-unusable',
    severity: 'critical',
    token: { unusable: 'The tag is missing.', credentials: [current({ expiresAt: T0 + 10 * DAY })] },
    at: T0 + 3 * DAY,
  },
  {
    kind: 'secret-deleted',
    severity: 'critical',
    token: {
      unusable: 'It is scheduled for deletion.',
      deletion: { at: T0 + 7 * DAY, gone: false },
      credentials: [current()],
    },
    at: T0,
  },
  {
    kind: 'secret-deleted',
    severity: 'critical',
    token: { detachedAt: T0, deletion: { at: T0, gone: true }, credentials: [old()] },
    at: T0,
  },
  {
    kind: 'secret-unusable',
    severity: 'warning',
    token: { unusable: 'It is scheduled for deletion.', deletion: { at: T0 + 7 * DAY, gone: false } },
    at: T0,
  },
  {
    kind: 'token-inactive',
    severity: 'critical',
    token: { credentials: [current()], refusedSince: T0 },
    at: T0,
  },
  {
    kind: 'validity-unknown',
    severity: 'warning',
    token: { credentials: [current()], activeAt: T0 },
    at: T0 + NO_ANSWER_AFTER,
    quietAt: T0 + NO_ANSWER_AFTER - 1,
  },
  {
    kind: 'validity-unknown',
    severity: 'critical',
    token: {
      credentials: [{ ...current(), notActive: { as: 'absent', since: T0, last: T0 + HOUR } }],
      activeAt: T0,
    },
    at: T0 + HOUR,
  },
  {
    kind: 'max-age-near',
    severity: 'warning',
    token: { credentials: [current()] },
    at: T0 + 60 * DAY,
    quietAt: T0 + 60 * DAY - 1,
  },
  {
    kind: 'max-age-near',
    severity: 'critical',
    token: { credentials: [current()] },
    at: T0 + 90 * DAY - CRITICAL_LEFT,
  },
  {
    kind: 'max-age-near',
    severity: 'warning',
    token: { credentials: [current()], policy: { ...DEFAULT_POLICY, onMaxAge: 'warn' } },
    at: T0 + 89 * DAY,
    quietAt: T0 + 90 * DAY + OVERDUE_AFTER,
  },
  {
    kind: 'max-age-exceeded',
    severity: 'critical',
    token: { credentials: [current()] },
    at: T0 + 90 * DAY + OVERDUE_AFTER,
    quietAt: T0 + 90 * DAY + OVERDUE_AFTER - 1,
  },
  {
    kind: 'max-age-exceeded',
    severity: 'critical',
    token: { credentials: [current({ issuedAt: undefined })] },
    at: T0 + 90 * DAY + OVERDUE_AFTER,
  },
  {
    kind: 'max-age-exceeded',
    severity: 'warning',
    token: { credentials: [current()], policy: { ...DEFAULT_POLICY, onMaxAge: 'warn' } },
    at: T0 + 100 * DAY,
  },
  {
    kind: 'max-age-exceeded',
    severity: 'warning',
    token: { credentials: [current({ origin: 'adopted', issuedAt: T0 - 900 * DAY })] },
    at: T0,
  },
  {
    kind: 'max-age-exceeded',
    severity: 'critical',
    token: { credentials: [current({ origin: 'adopted', issuedAt: T0 - 900 * DAY })] },
    at: T0 + DAY + OVERDUE_AFTER,
  },
  {
    kind: 'rotation-stuck',
    severity: 'warning',
    token: {
      credentials: [current()],
      attempts: [{ id: 'a', cause: 'due', state: 'open', openedAt: T0, deadline: T0 + HOUR, mints: [] }],
    },
    at: T0 + HOUR + STUCK_AFTER,
    quietAt: T0 + HOUR + STUCK_AFTER - 1,
  },
  {
    kind: 'rotation-failed',
    severity: 'warning',
    token: { credentials: [current()], failures: 2, failedAt: T0 },
    at: T0,
  },
  {
    kind: 'rotation-failed',
    severity: 'warning',
    token: {
      credentials: [current()],
      failures: 1,
      failedAt: T0,
      lastError: { code: 'x', message: 'No.', lasting: true },
    },
    at: T0,
  },
  {
    kind: 'credential-limit-reached',
    severity: 'warning',
    token: { credentials: [current({ promotedAt: T0 - 30 * DAY }), old()] },
    at: T0 + OVERDUE_AFTER,
    quietAt: T0 + OVERDUE_AFTER - 1,
    facts: { slots: slotsOf(2), lags: NO_LAGS },
  },
  {
    kind: 'revocation-blocked',
    severity: 'critical',
    token: {
      credentials: [
        current(),
        old({ state: 'revoking', problem: { kind: 'revocation-blocked', detail: 'No.' } }),
      ],
    },
    at: T0,
  },
  {
    kind: 'revocation-blocked',
    severity: 'critical',
    token: { credentials: [current(), old({ state: 'revoking', revocationBegunAt: T0 })] },
    at: T0 + REVOKE_WITHIN,
    quietAt: T0 + REVOKE_WITHIN - 1,
  },
  {
    kind: 'revocation-due',
    severity: 'warning',
    token: {
      credentials: [
        current(),
        old({ state: 'revoking', problem: { kind: 'revocation-due', detail: 'Revoke it.' } }),
      ],
    },
    at: T0,
  },
  {
    kind: 'revocation-ineffective',
    severity: 'critical',
    token: {
      credentials: [
        current(),
        old({ state: 'revoking', problem: { kind: 'revocation-ineffective', detail: 'It works.' } }),
      ],
    },
    at: T0,
  },
  {
    kind: 'credential-unmanaged',
    severity: 'warning',
    token: {
      credentials: [current(), old({ problem: { kind: 'credential-unmanaged', detail: 'Unknown.' } })],
    },
    at: T0,
  },
  {
    kind: 'previous-credential-in-use',
    severity: 'critical',
    token: { credentials: [current(), old()] },
    at: T0 + DEFAULT_POLICY.maxGrace,
    quietAt: T0 + DEFAULT_POLICY.maxGrace - 1,
  },
  {
    kind: 'credential-orphaned',
    severity: 'warning',
    token: { credentials: [current(), old({ state: 'revoking', origin: 'found' })] },
    at: T0,
  },
  {
    kind: 'token-expired',
    severity: 'critical',
    token: { credentials: [current({ expiresAt: T0 + DAY })] },
    at: T0 + DAY,
  },
  {
    kind: 'token-expired',
    severity: 'critical',
    token: {
      credentials: [current({ expiresAt: T0 + HOUR })],
      issuerClock: { host: 'issuer.test', least: -HOUR, most: -HOUR + SECOND, seenAt: T0 },
    },
    at: T0 + 2 * HOUR,
    quietAt: T0 + 2 * HOUR - 1,
  },
  {
    kind: 'token-expiring',
    severity: 'warning',
    token: { credentials: [current({ expiresAt: T0 + 24 * DAY })] },
    at: T0 + 12 * DAY + OVERDUE_AFTER,
    quietAt: T0 + 12 * DAY + OVERDUE_AFTER - 1,
  },
  {
    kind: 'token-expiring',
    severity: 'critical',
    token: { credentials: [current({ expiresAt: T0 + 24 * DAY })] },
    at: T0 + 24 * DAY - CRITICAL_LEFT,
  },
];
