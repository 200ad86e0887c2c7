import { FINDING_RULES } from '../../../functions/core/findings/finding-rules.ts';
import type { Fact, FindingFact, LifecycleFact } from '../../../functions/core/findings/events.ts';
import type { Mail, PagerEvent } from '../runtime/outbox.ts';

/** A fact of Keyturn's bus in words; undefined for what the story need not tell. */
export function factInWords(fact: Fact, earlier: readonly Fact[]): string | undefined {
  return fact.type === 'finding' ? findingInWords(fact) : lifeInWords(fact, earlier);
}

function findingInWords({ name, change, kind, severity, detail }: FindingFact): string {
  const { title } = FINDING_RULES[kind];
  if (change === 'resolved') return `${name}: RESOLVED: ${title}`;
  return `${name}: FINDING (${severity}): ${title}. ${detail}`;
}

/** Why a rotation begins, by its cause. */
const CAUSES: Readonly<Record<string, string>> = {
  'cause: first': 'it has no value yet',
  'cause: due': 'its interval is over',
  'cause: expiry': 'it will expire soon',
  'cause: dead': 'its issuer rejects its value',
  'cause: operator': 'a person asked for it',
  'cause: retry': 'the last one did not succeed',
  'cause: incident': 'a credential of it leaked',
};

function lifeInWords({ name, what, detail }: LifecycleFact, earlier: readonly Fact[]): string | undefined {
  switch (what) {
    case 'enrolled':
      return `${name}: found by its tags and enrolled; ${detail}`;
    case 'rotation-started':
      return `${name}: rotation started, because ${CAUSES[detail] ?? detail}: a new credential is created, stored as pending and tested at the issuer`;
    case 'rotated':
      return hadValue(name, earlier)
        ? `${name}: the new credential works and is current; the previous one stays active for its grace period`
        : `${name}: its first credential works and is current`;
    case 'rotation-aborted':
      return `${name}: the rotation was aborted: ${detail}`;
    case 'leaked':
      return `${name}: leak reported: ${detail}`;
    case 'contained':
      return `${name}: the leaked credential is revoked, and that is verified: ${detail}`;
    case 'replaced':
      return `${name}: the leaked credential is replaced: ${detail}`;
    case 'containment-withdrawn':
    case 'replacement-withdrawn':
    case 'move-withdrawn':
      return `${name}: the response to a leak starts again: ${detail}`;
    case 'ordered':
      return `${name}: its policy orders a revocation: ${detail}`;
    case 'revoked':
      if (detail.startsWith('it leaked'))
        return `${name}: the leaked credential is revoked without a grace period`;
      if (detail.startsWith('made to prove'))
        return `${name}: the new admin credential created one for a test, and revokes it`;
      if (detail.endsWith('ended the token'))
        return `${name}: its last credential is revoked, without a successor`;
      return `${name}: the grace period ended and nothing shows use of the previous credential: it is revoked`;
    case 'rolled-back':
      return `${name}: rolled back: ${detail}`;
    case 'detached':
      return `${name}: detached: ${detail}`;
    case 'delivered':
      return `${name}: ${detail}`;
    case 'moved':
      return `${name}: a person confirms that ${detail}`;
    case 'released':
      return `${name}: ${detail}; credentials that only it used may be revoked`;
    case 'reviewed':
      return `${name}: a person reviewed it: ${detail}`;
    case 'retired':
      return `${name}: retired by a person: ${detail}`;
    case 'alive-again':
      return `${name}: ${detail}`;
    case 'accepted':
      return `${name}: ${detail} was dismissed as normal`;
    case 'forgotten':
      return `${name}: ${detail}`;
    // Told together with our own look at the issuer, or of no interest here.
    case 'revocation-verified':
    case 'requested':
    case 'refused':
    case 'consumers-moved':
      return undefined;
  }
}

function hadValue(name: string, earlier: readonly Fact[]): boolean {
  return earlier.some(
    (fact) =>
      fact.type === 'lifecycle' &&
      fact.name === name &&
      (fact.what === 'rotated' || (fact.what === 'enrolled' && fact.detail.includes('adopted'))),
  );
}

export function mailInWords({ to, subject }: Mail): string {
  return `mail to ${to}: ${subject}`;
}

export function pageInWords({ action, summary, dedupKey }: PagerEvent): string {
  return action === 'trigger' ? `page: ${summary ?? dedupKey}` : `page resolved: ${dedupKey}`;
}
