import type { Fact } from '../../../functions/core/findings/events.ts';
import {
  FINDING_RULES,
  isWorse,
  type Finding,
  type Severity,
} from '../../../functions/core/findings/findings.ts';
import { agenda } from '../../../functions/core/assessment/due-times.ts';
import { policyText, type Policy, type PolicyInput } from '../../../functions/core/policy/policy.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider.ts';
import { formatInstant, type Instant } from '../../../functions/core/basics/time.ts';
import { livenessOf } from '../../../functions/core/validity/validity.ts';
import { currentOf } from '../../../functions/core/token/lookups.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { incidentViews, type IncidentView } from '../leaks/incidents.ts';
import { actorText, withActors } from '../tokens/actor.ts';
import { VALIDITY, validityOf, type Validity } from '../tokens/validity.ts';
import { nextRotationOf, stateOf, type State } from './words.ts';

/** Points in time in `--json` output are ISO 8601 in UTC; null when unknown or not to come. */
export type Iso = string | null;

/** A finding in `--json` output. */
export interface FindingView {
  readonly kind: Finding['kind'];
  readonly subject: string;
  readonly severity: Severity;
  readonly state: Finding['state'];
  readonly detail: string;
  readonly openedAt: Iso;
  readonly resolvedAt: Iso;
  /** Who acknowledged it, and when; it counts until the finding gets worse or is over. */
  readonly acknowledged: { readonly by: string; readonly at: Iso } | null;
  readonly impact: string;
  readonly action: string;
  readonly runbook: string;
}

/** One element of `tokens` in what `keyturn status --json` prints. */
export interface StatusView {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly owner: string;
  readonly environment: string;
  readonly state: State;
  /** Whether the issuer accepts the current credential; null while there is none. */
  readonly validity: Validity | null;
  /** Birth of the current credential, or its promotion where the birth is unknown. */
  readonly bornAt: Iso;
  readonly expiresAt: Iso;
  readonly nextRotation: { readonly kind: 'at' | 'under way' | 'waiting' | 'none'; readonly at: Iso };
  /** The worst severity among open findings. */
  readonly worst: Severity | null;
  readonly findings: readonly FindingView[];
}

/** What `keyturn show --json` prints. */
export interface TokenView extends StatusView {
  readonly secretArn: string;
  readonly purpose: string;
  readonly admin: string | null;
  readonly scopes: readonly string[] | null;
  readonly enrolledAt: Iso;
  /** When the issuer last accepted it. */
  readonly activeAt: Iso;
  /** The last question to the issuer, and why it told nothing if it did not. */
  readonly lastCheck: { readonly at: Iso; readonly outcome: Validity; readonly reason: string | null } | null;
  /** The last use by anybody but Keyturn, where the issuer tells. */
  readonly usedAt: Iso;
  readonly inspectedAt: Iso;
  readonly lastError: { readonly code: string; readonly message: string } | null;
  /** Lengths as in the manifest, such as `30d`. */
  readonly policy: PolicyInput;
  readonly credentials: readonly Readonly<
    Record<
      | 'id'
      | 'handle'
      | 'state'
      | 'origin'
      | 'bornAt'
      | 'promotedAt'
      | 'supersededAt'
      | 'lastUsedAt'
      | 'expiresAt'
      | 'revokedAt'
      | 'endedAt'
      | 'problem',
      Iso
    >
  >[];
  readonly attempts: readonly Readonly<
    Record<'id' | 'cause' | 'state' | 'openedAt' | 'deadline' | 'endedAt', Iso>
  >[];
  readonly incidents: readonly IncidentView[];
  /** What Keyturn will do by itself; `at` in the past means at the next sweep. */
  readonly agenda: readonly { readonly kind: string; readonly at: Iso; readonly about: string | null }[];
}

/** One element of `entries` in what `keyturn history --json` prints, the latest first. `by` is for people, `byId` as AWS told it. */
export type HistoryView = Readonly<Record<'at' | 'what' | 'detail' | 'by' | 'byId' | 'severity', Iso>>;

export function iso(at: Instant | undefined): Iso {
  return at === undefined ? null : formatInstant(at);
}

export function openFindings({ findings }: Pick<Token, 'findings'>): Finding[] {
  return findings.filter((one) => one.state === 'open');
}

export function worstOf(findings: readonly Finding[]): Severity | undefined {
  return findings.reduce<Severity | undefined>(
    (worst, one) => (worst === undefined || isWorse(one.severity, worst) ? one.severity : worst),
    undefined,
  );
}

export function findingView(finding: Finding): FindingView {
  const { kind, subject, severity, state, detail, acknowledged } = finding;
  const { impact, action, runbook } = FINDING_RULES[kind];
  return {
    kind,
    subject,
    severity,
    state,
    detail,
    openedAt: iso(finding.openedAt),
    resolvedAt: iso(finding.resolvedAt),
    acknowledged: acknowledged ? { by: actorText(acknowledged.by), at: iso(acknowledged.at) } : null,
    impact,
    action,
    runbook,
  };
}

export function statusView(token: Token, facts: ProviderDescriptor | undefined, now: Instant): StatusView {
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
    validity: validityOf(livenessOf(token, now)),
    bornAt: iso(current?.bornAt ?? current?.promotedAt),
    expiresAt: iso(current?.expiresAt),
    nextRotation: { kind: next.kind, at: next.kind === 'at' ? iso(next.at) : null },
    worst: worstOf(open) ?? null,
    findings: open.map(findingView),
  };
}

export function policyView(policy: Policy): TokenView['policy'] {
  return policyText(policy);
}

export function tokenView(token: Token, facts: ProviderDescriptor | undefined, now: Instant): TokenView {
  return {
    ...statusView(token, facts, now),
    findings: token.findings.map(findingView),
    secretArn: token.secretArn,
    purpose: token.purpose,
    admin: token.admin ?? null,
    scopes: token.scopes ?? null,
    enrolledAt: iso(token.enrolledAt),
    activeAt: iso(token.aliveAt),
    lastCheck: token.validity
      ? {
          at: iso(token.validity.at),
          outcome: VALIDITY[token.validity.outcome],
          reason: token.validity.reason ?? null,
        }
      : null,
    usedAt: iso(token.use?.last),
    inspectedAt: iso(token.inspectedAt),
    lastError: token.lastError ? { code: token.lastError.code, message: token.lastError.message } : null,
    policy: policyView(token.policy),
    credentials: token.credentials.map(credentialView),
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

function credentialView(one: Token['credentials'][number]): TokenView['credentials'][number] {
  return {
    id: one.id,
    handle: one.handle ?? null,
    state: one.forgotten ? 'forgotten' : one.state,
    origin: one.origin,
    bornAt: iso(one.bornAt),
    promotedAt: iso(one.promotedAt),
    supersededAt: iso(one.supersededAt),
    lastUsedAt: iso(one.lastUsedAt),
    expiresAt: iso(one.expiresAt),
    revokedAt: iso(one.revokedAt),
    endedAt: iso(one.endedAt),
    problem: one.problem?.detail ?? null,
  };
}

export interface Appointment {
  readonly kind: string;
  readonly at: Instant;
  /** The attempt, generation or cause it is about. */
  readonly about: string | undefined;
}

/** The agenda of a token, earliest first. */
export function agendaOf(token: Token, facts: ProviderDescriptor | undefined, now: Instant): Appointment[] {
  const all = agenda(token, facts, now).map((action): Appointment => {
    switch (action.kind) {
      case 'rotate':
        return {
          kind: action.kind,
          at: action.at,
          about:
            action.waitsFor === undefined ? action.cause : `${action.cause}, waits for ${action.waitsFor}`,
        };
      case 'settle':
        return { kind: action.kind, at: action.at, about: action.attemptId };
      case 'retire':
        return { kind: action.kind, at: action.at, about: action.credentialId };
      case 'deliver':
        return { kind: action.kind, at: action.at, about: action.consumer };
      case 'rollback':
      case 'inspect':
      case 'tell':
        return { kind: action.kind, at: action.at, about: undefined };
    }
  });
  return all.sort((a, b) => a.at - b.at);
}

export function historyView(fact: Fact): HistoryView {
  const common = { at: iso(fact.at), detail: withActors(fact.detail) };
  if (fact.type === 'lifecycle')
    return { ...common, what: fact.what, by: actorText(fact.by), byId: fact.by, severity: null };
  return {
    ...common,
    what: `${fact.kind} ${fact.change}`,
    by: fact.change === 'acknowledged' ? null : 'Keyturn',
    byId: null,
    severity: fact.severity,
  };
}
