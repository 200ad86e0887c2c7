import { FINDING_RULES } from '../../../functions/core/findings.ts';
import type { Fact, FindingFact, LifeFact } from '../../../functions/core/events.ts';
import type { Mail, PagerEvent } from '../runtime/outbox.ts';

/** A fact of Keyturn's bus in words; undefined for what the story need not tell. */
export function factInWords(fact: Fact): string | undefined {
  return fact.type === 'finding' ? findingInWords(fact) : lifeInWords(fact);
}

function findingInWords({ name, change, kind, severity, detail }: FindingFact): string {
  const { title } = FINDING_RULES[kind];
  if (change === 'resolved') return `${name}: FINDING OVER: ${title}`;
  return `${name}: FINDING (${severity}): ${title}. ${detail}`;
}

function lifeInWords({ name, what, detail }: LifeFact): string | undefined {
  switch (what) {
    case 'enrolled':
      return `${name}: found by its tags and taken into the inventory; ${detail}`;
    case 'rotation-started':
      return `${name}: a rotation begins (${detail}): a new credential is made, stored as pending, and tested at the issuer`;
    case 'rotated':
      return `${name}: the new credential works and is current; the one before it stays alive, so that nobody breaks who still holds it`;
    case 'rotation-aborted':
      return `${name}: the rotation is given up: ${detail}`;
    case 'revoked':
      return `${name}: grace is over and nothing shows that the old credential is still needed: it is revoked`;
    case 'rolled-back':
      return `${name}: rolled back: ${detail}`;
    case 'detached':
      return `${name}: let go: ${detail}`;
    // Told together with our own look at the issuer, or of no interest here.
    case 'proven-dead':
    case 'adopted':
    case 'requested':
      return undefined;
  }
}

export function mailInWords({ to, subject }: Mail): string {
  return `mail to ${to}: ${subject}`;
}

export function pageInWords({ action, summary, dedupKey }: PagerEvent): string {
  return action === 'trigger' ? `the pager rings: ${summary ?? dedupKey}` : `the pager is told that it is over: ${dedupKey}`;
}
