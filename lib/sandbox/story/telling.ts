import { FINDING_RULES } from '../../../functions/core/findings/finding-rules.ts';
import type { Fact, FindingFact, LifecycleFact } from '../../../functions/core/findings/events.ts';
import { aboutOf } from '../../../functions/core/findings/fact-ids.ts';
import type { Mail, PagerEvent } from '../runtime/outbox.ts';
import type { Note } from './chronicle.ts';
import type { Tone } from './display.ts';

const GRACE_OVER = 'the grace period ended and nothing shows use of the previous credential: it is revoked';

/** A fact of Keyturn's bus as it is told, after all earlier ones; undefined for what need not be told. */
export function factNote(fact: Fact, earlier: readonly Fact[]): Note | undefined {
  if (fact.type === 'finding') return { at: fact.at, text: findingInWords(fact), tone: toneOf(fact) };
  const text = lifeInWords(fact, earlier);
  return text === undefined ? undefined : { at: fact.at, text, routine: routineOf(fact, earlier) };
}

function findingInWords({ name, change, kind, severity, detail }: FindingFact): string {
  const { title } = FINDING_RULES[kind];
  switch (change) {
    case 'opened':
      return `${severity.toUpperCase()}  ${name}: ${title}. ${detail}`;
    case 'escalated':
      return `${severity.toUpperCase()}  ${name}: it got worse: ${title}. ${detail}`;
    case 'acknowledged':
      return `${name}: acknowledged: ${title}`;
    case 'resolved':
      return `RESOLVED  ${name}: ${title}`;
  }
}

function toneOf({ change, severity }: FindingFact): Tone | undefined {
  if (change === 'resolved') return 'good';
  if (change === 'acknowledged' || severity === 'info') return undefined;
  return severity;
}

/** What goes as it should: a rotation that was due, and what follows from it. */
function routineOf(fact: LifecycleFact, earlier: readonly Fact[]): Note['routine'] {
  const of = fact.name;
  if (fact.what === 'rotation-started')
    return fact.detail === 'cause: due' ? { of, kind: 'step' } : undefined;
  if (fact.what === 'rotated') return wasDue(fact, earlier) ? { of, kind: 'rotation' } : undefined;
  return fact.what === 'revoked' && isUsualEnd(fact) ? { of, kind: 'step' } : undefined;
}

function wasDue(fact: LifecycleFact, earlier: readonly Fact[]): boolean {
  return earlier.some(
    (one) =>
      one.type === 'lifecycle' &&
      one.what === 'rotation-started' &&
      one.detail === 'cause: due' &&
      one.name === fact.name &&
      aboutOf(one) === aboutOf(fact),
  );
}

/** A credential that ended because its grace period did. */
export function isUsualEnd({ detail }: LifecycleFact): boolean {
  return (
    !detail.startsWith('it leaked') &&
    !detail.startsWith('made to prove') &&
    !detail.endsWith('ended the token')
  );
}

/** Why a rotation begins, by its cause. */
const CAUSES: Readonly<Record<string, string>> = {
  'cause: first': 'it has no value yet',
  'cause: due': 'its interval is over',
  'cause: expiry': 'it will expire soon',
  'cause: inactive': 'its issuer rejects its value',
  'cause: operator': 'a person asked for it',
  'cause: retry': 'the last one did not succeed',
  'cause: incident': 'a credential of it leaked',
};

function lifeInWords({ name, what, detail }: LifecycleFact, earlier: readonly Fact[]): string | undefined {
  switch (what) {
    case 'enrolled':
      return `${name}: found by its tags and enrolled; ${detail}`;
    case 'rotation-started':
      return (
        `${name}: rotation started, because ${CAUSES[detail] ?? detail}: a new credential is created, ` +
        'stored as pending and tested at the issuer'
      );
    case 'rotated':
      return hadValue(name, earlier)
        ? `${name}: the new credential works and is current; the previous one stays active for its grace ` +
            'period'
        : `${name}: its first credential works and is current`;
    case 'rotation-aborted':
      return `${name}: the rotation was aborted: ${detail}`;
    case 'leaked':
      return `${name}: leak reported: ${detail}`;
    case 'contained':
      return `${name}: the leak is contained: ${detail}`;
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
      return `${name}: ${GRACE_OVER}`;
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
    case 'active-again':
    case 'disabled':
    case 'enabled':
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

const CRITICAL = /^\[critical\]/i;
const RESOLVED = /^\[resolved\]/i;

export function mailNote({ at, to, subject }: Mail): Note {
  const tone = CRITICAL.test(subject) ? 'critical' : undefined;
  return { at, text: `mail to ${to}: ${subject}`, tone: RESOLVED.test(subject) ? 'good' : tone };
}

export function pageNote({ at, action, summary, dedupKey }: PagerEvent): Note {
  return action === 'trigger'
    ? { at, text: `page: ${summary ?? dedupKey}`, tone: 'critical' }
    : { at, text: `page ${action}d: ${dedupKey}`, tone: action === 'resolve' ? 'good' : undefined };
}
