import type { Found } from '../../../functions/core/issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { CHECK_RULES } from '../../../functions/core/validity/check-rules.ts';

/** The issuer has no list. */
const BY_VALUE_ALONE =
  'The issuer accepted the revoke, and refuses the value once its lag is over. It has no list, so nothing ' +
  'but the value shows it.';

/** The issuer has no API to revoke. */
const BY_PERSON =
  'A person is asked to revoke it, by the finding `revocation-due`. The issuer then refuses the value ' +
  'twice, minutes apart, while it answers about the current one.';

/** Nothing is sent to end it. */
const BY_CREATION =
  'The creation of the next value ended it, and the issuer refuses the value once its lag is over. There ' +
  'is no list, so nothing but the value shows it.';

/** A disabled credential is refused like a revoked one. */
const BY_LIST_ALONE =
  'The issuer accepted the revoke, and its list leaves the credential out: it refuses what is disabled too.';

const REVOKED: Partial<Record<Found, string>> = { never: BY_VALUE_ALONE, reissue: BY_CREATION };

type Facts = Pick<ProviderDescriptor, 'check' | 'found' | 'disables' | 'byPerson' | 'unlisted'>;

/** What counts at this issuer as the verified end of a credential. */
export function revokedText({ check, found, byPerson, unlisted }: Facts): string {
  if (byPerson?.revocation) return BY_PERSON;
  if (unlisted) return BY_VALUE_ALONE;
  return REVOKED[found] ?? CHECK_RULES[check].revoked.says;
}

/** What counts as tested, active and revoked at this issuer, a row each. */
export function proofRows(facts: Facts): [state: string, what: string][] {
  const { tested, valid } = CHECK_RULES[facts.check];
  return [
    ['A new credential is tested', tested.says],
    ['The current credential is active', valid.says],
    ['An old credential is revoked, and that is verified', revokedText(facts)],
    ...(facts.disables === true
      ? [['What was disabled is revoked, and that is verified', BY_LIST_ALONE] satisfies [string, string]]
      : []),
  ];
}
