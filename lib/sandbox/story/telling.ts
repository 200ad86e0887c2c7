import { FINDING_RULES } from '../../../functions/core/findings/findings.ts';
import type { Fact, FindingFact, LifecycleFact } from '../../../functions/core/findings/events.ts';
import type { Mail, PagerEvent } from '../runtime/outbox.ts';

/** A fact of Keyturn's bus in words; undefined for what the story need not tell. */
export function factInWords(fact: Fact, earlier: readonly Fact[]): string | undefined {
  return fact.type === 'finding' ? findingInWords(fact) : lifeInWords(fact, earlier);
}

function findingInWords({ name, change, kind, severity, detail }: FindingFact): string {
  const { title } = FINDING_RULES[kind];
  if (change === 'resolved') return `${name}: FINDING OVER: ${title}`;
  return `${name}: FINDING (${severity}): ${title}. ${detail}`;
}

/** Why a rotation begins, by its cause. */
const CAUSES: Readonly<Record<string, string>> = {
  'cause: first': 'it has no value yet',
  'cause: due': 'its interval is over',
  'cause: expiry': 'its value is going to expire',
  'cause: dead': 'its issuer refuses its value',
  'cause: operator': 'a person asked for it',
  'cause: retry': 'the last one did not succeed',
  'cause: incident': 'a credential of it leaked',
};

function lifeInWords({ name, what, detail }: LifecycleFact, earlier: readonly Fact[]): string | undefined {
  switch (what) {
    case 'enrolled':
      return `${name}: found by its tags and taken into the inventory; ${detail}`;
    case 'rotation-started':
      return `${name}: a rotation begins, since ${CAUSES[detail] ?? detail}: a new credential is made, stored as pending, and tested at the issuer`;
    case 'rotated':
      return hadValue(name, earlier)
        ? `${name}: the new credential works and is current; the old one stays alive, so that nobody breaks who still holds it`
        : `${name}: its first credential works and is current`;
    case 'rotation-aborted':
      return `${name}: the rotation is given up: ${detail}`;
    case 'leaked':
      return `${name}: a leak: ${detail}`;
    case 'contained':
      return `${name}: what leaked is dead: ${detail}`;
    case 'replaced':
      return `${name}: what leaked is replaced: ${detail}`;
    case 'containment-withdrawn':
    case 'replacement-withdrawn':
    case 'move-withdrawn':
      return `${name}: the answer to a leak begins anew: ${detail}`;
    case 'ordered':
      return `${name}: an order of its policy: ${detail}`;
    case 'revoked':
      if (detail.startsWith('it leaked')) return `${name}: what leaked is revoked without grace`;
      if (detail.startsWith('made to prove'))
        return `${name}: the new credential has made one on trial, and revokes it again`;
      if (detail.endsWith('ended the token'))
        return `${name}: its last credential is revoked, without a successor`;
      return `${name}: grace is over and nothing shows that the old credential is still needed: it is revoked`;
    case 'rolled-back':
      return `${name}: rolled back: ${detail}`;
    case 'detached':
      return `${name}: let go: ${detail}`;
    case 'delivered':
      return `${name}: ${detail}`;
    case 'moved':
      return `${name}: a person says that ${detail}`;
    case 'released':
      return `${name}: ${detail}; what only it used may die`;
    case 'reviewed':
      return `${name}: a person reviewed it: ${detail}`;
    case 'retired':
      return `${name}: ended by a person: ${detail}`;
    case 'alive-again':
      return `${name}: ${detail}`;
    case 'accepted':
      return `${name}: ${detail} is called normal, and known from now on`;
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
  return action === 'trigger'
    ? `the pager rings: ${summary ?? dedupKey}`
    : `the pager is told that it is over: ${dedupKey}`;
}
