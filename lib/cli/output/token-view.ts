import { policyText } from '../../../functions/core/policy/policy-input.ts';
import { disabledUntil } from '../../../functions/core/token/disabled.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { TokenJson } from '../json/tokens.ts';
import { incidentViews } from '../leaks/incidents.ts';
import { agendaOf } from '../tokens/agenda.ts';
import { findingView } from './finding-view.ts';
import { iso } from './instants.ts';
import { statusView, type Viewing } from './status-view.ts';

export function tokenView(token: Token, viewing: Viewing): TokenJson {
  const { facts, now } = viewing;
  return {
    ...statusView(token, viewing),
    findings: token.findings.map((one) => findingView(one, { ...token, installation: viewing.installation })),
    secretArn: token.secretArn,
    purpose: token.purpose,
    admin: token.admin ?? null,
    scopes: token.scopes ?? null,
    enrolledAt: iso(token.enrolledAt),
    activeAt: iso(token.activeAt),
    lastCheck: token.validity
      ? {
          at: iso(token.validity.at),
          outcome: token.validity.outcome,
          reason: token.validity.reason ?? null,
        }
      : null,
    usedAt: iso(token.use?.last),
    inspectedAt: iso(token.inspectedAt),
    lastError: token.lastError ? { code: token.lastError.code, message: token.lastError.message } : null,
    policy: policyText(token.policy),
    credentials: token.credentials.map((one) => credentialView(token, one)),
    attempts: token.attempts.map(({ id, cause, state, openedAt, deadline, endedAt }) => ({
      id,
      cause,
      state,
      openedAt: iso(openedAt),
      deadline: iso(deadline),
      endedAt: iso(endedAt),
    })),
    incidents: incidentViews(token),
    agenda: agendaOf(token, facts, now).map(({ kind, at, about }) => ({
      kind,
      at: iso(at),
      about: about ?? null,
    })),
  };
}

function credentialView(token: Token, one: Token['credentials'][number]): TokenJson['credentials'][number] {
  return {
    id: one.id,
    handle: one.handle ?? null,
    state: one.forgotten ? 'forgotten' : one.state,
    origin: one.origin,
    issuedAt: iso(one.issuedAt),
    promotedAt: iso(one.promotedAt),
    supersededAt: iso(one.supersededAt),
    lastUsedAt: iso(one.lastUsedAt),
    expiresAt: iso(one.expiresAt),
    disabledAt: iso(one.disabledAt),
    disabledUntil: iso(disabledUntil(token, one)),
    revokedAt: iso(one.revokedAt),
    endedAt: iso(one.endedAt),
    problem: one.problem?.detail ?? null,
  };
}
