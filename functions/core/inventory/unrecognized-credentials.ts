/** Active credentials beside a token that Keyturn did not create and does not know. */
import type { ListedCredential } from '../issuer/provider.ts';
import { accountsFor } from '../token/known-credentials.ts';
import type { Token } from '../token/token.ts';

const MOST_UNRECOGNIZED_CREDENTIALS = 50;

/**
 * Active credentials beside this token's that it does not know, and whose names carry no marker of Keyturn's.
 * Keyturn never touches them: another token may know them.
 * While a rotation runs, it is not known what is new. `listed` is undefined then.
 */
export function withUnrecognizedCredentials(
  token: Token,
  listed: readonly ListedCredential[] | undefined,
): Token {
  if (!listed) return token;
  const suspects = new Set(token.suspects.map((one) => one.handle));
  const strange = listed.filter(
    (one) =>
      one.active &&
      !accountsFor(token, one) &&
      !suspects.has(one.handle) &&
      one.name?.startsWith('keyturn-') !== true,
  );
  const unrecognizedCredentials = strange
    .map((one) => one.handle)
    .sort()
    .slice(0, MOST_UNRECOGNIZED_CREDENTIALS);
  const isSame =
    unrecognizedCredentials.length === (token.unrecognizedCredentials ?? []).length &&
    unrecognizedCredentials.every((handle, index) => handle === token.unrecognizedCredentials?.[index]);
  return isSame ? token : { ...token, unrecognizedCredentials };
}
