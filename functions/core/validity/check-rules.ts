import { areInTurn, creationEnds, type Check, type Found } from '../issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import { formatDuration } from '../basics/time.ts';
import { BELIEVED_AFTER } from './inactivity-proof.ts';
import { NO_ANSWER_AFTER } from './validity.ts';

/** What counts as a proof, in sentences, and whether the issuer is asked about the value or read its list. */
export interface ProofRule {
  readonly by: 'value' | 'list';
  readonly says: string;
}

/** What counts for an issuer: that a new credential is tested, the current one valid, an old one revoked. */
export interface CheckRules {
  readonly tested: ProofRule;
  readonly valid: ProofRule;
  readonly revoked: ProofRule;
}

const SILENT = formatDuration(NO_ANSWER_AFTER);
const BELIEVED = formatDuration(BELIEVED_AFTER);
const WEAKER = 'This is a weaker proof than an answer about the value.';

const BY_VALUE = {
  tested: {
    by: 'value',
    says: 'Asked with the new value alone, the issuer accepts it twice in a row.',
  },
  valid: {
    by: 'value',
    says:
      'At each inspection the issuer is asked with the value alone, and accepts it. Without an answer for ' +
      `${SILENT} the validity is unknown.`,
  },
  revoked: {
    by: 'value',
    says:
      'The issuer accepted the revoke, and refuses the value once its lag is over, or lists it as ended. ' +
      `Where the value cannot be read, lists that leave it out for ${BELIEVED} count: a weaker proof.`,
  },
} as const satisfies CheckRules;

const REVOKED_BY_LIST = {
  by: 'list',
  says:
    'The issuer accepted the revoke, and its lists show the credential as ended, or leave it out for ' +
    `${BELIEVED}. ${WEAKER}`,
} as const satisfies ProofRule;

/** `why`: why the value is not sent, in a sentence. */
function byList(why: string): CheckRules {
  return {
    tested: {
      by: 'list',
      says:
        'The issuer lists the new credential as active, and the time is over in which it becomes accepted ' +
        `everywhere. ${why} ${WEAKER}`,
    },
    valid: { by: 'list', says: `The issuer lists the credential as active. ${why} ${WEAKER}` },
    revoked: REVOKED_BY_LIST,
  };
}

/** For each kind of check: what is tested, valid and revoked. Everything that says so says it from here. */
export const CHECK_RULES: Readonly<Record<Check, CheckRules>> = {
  free: BY_VALUE,
  'accepted-only': { ...BY_VALUE, revoked: REVOKED_BY_LIST },
  'counts-as-use': {
    ...BY_VALUE,
    valid: {
      by: 'value',
      says:
        `${BY_VALUE.valid.says} Keyturn notes when it asked: a last use that may be its own question is ` +
        'no use by a consumer.',
    },
  },
  spends: byList('Its value is not sent, since the check would spend it.'),
  none: byList('Its value cannot be checked.'),
};

/** Whether the issuer is asked about a value at all, or nothing but its list tells. */
export function isAskable(check: Check): boolean {
  return CHECK_RULES[check].tested.by === 'value';
}

/** Whether a refusal of the value shows that a credential was revoked, or nothing but the list does. */
export function tellsRefusals(check: Check): boolean {
  return CHECK_RULES[check].revoked.by === 'value';
}

const SERVED_FINDS: readonly Found[] = ['name', 'value', 'exclusive'];

/**
 * What an issuer says of itself that the engine cannot serve yet, as `check: spends`. An issuer with such a
 * fact must not be registered: the engine would send values that are spent by it, or lose what it made.
 */
export function unservedIn(
  issuer: Pick<ProviderDescriptor, 'check' | 'value' | 'found' | 'slots' | 'identifies' | 'unlisted'>,
): readonly string[] {
  // A value that spends nothing where it is not sent can be known by the list alone.
  const isListed = issuer.check === 'none' && issuer.identifies && issuer.value !== 'person';
  const isAsked = isListed || isAskable(issuer.check);
  // What Keyturn does not create it cannot lose.
  // A lost one ends with the next, which takes the one slot that it has.
  const isReissued = isMadeAgain(issuer) && issuer.found === 'reissue' && issuer.value === 'issuer';
  const isFound =
    issuer.value === 'person' ? issuer.found === 'never' : SERVED_FINDS.includes(issuer.found) || isReissued;
  return [
    ...(isAsked ? [] : [`check: ${issuer.check}`]),
    ...(isFound ? [] : [`found: ${issuer.found}`]),
    ...(isReissued || areServed(issuer) ? [] : ['slots with names']),
  ];
}

/** The one slot holds what is made last; or the second of two is emptied before it is filled again. */
function isMadeAgain({
  slots,
  check,
  unlisted,
}: Pick<ProviderDescriptor, 'slots' | 'check' | 'unlisted'>): boolean {
  const isPair = unlisted === true && 'count' in slots && slots.count === 2 && check === 'free';
  return creationEnds({ slots }) || isPair;
}

/** Slots with names are filled in turn, with values that Keyturn chooses. */
function areServed({ slots, value }: Pick<ProviderDescriptor, 'slots' | 'value'>): boolean {
  return !('names' in slots) || (areInTurn(slots) && value === 'keyturn');
}
