import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Payload } from '../../core/secret-text/secret-text.ts';
import { handleOfValue } from '../../core/issuer/identity.ts';
import type { ListedCredential, Session } from '../../core/issuer/provider.ts';

/**
 * Which credential a value is, as its issuer tells it. Where people create values, its handle is made from
 * the value, once the issuer says that it belongs to the account of the grant. Error:
 * `issuer-response-invalid` where the issuer does not say.
 */
export async function identifiedBy(
  session: Session,
  held: {
    readonly value: Secret;
    readonly fingerprint: string;
    readonly payload: Pick<Payload, 'beside'>;
  },
): Promise<ListedCredential | undefined> {
  if (session.kind !== 'submitted') return session.identify(held.value, held.payload.beside);
  const shown = await session.ask(held.value);
  if (shown.outcome === 'unknown')
    throw new KeyturnError(
      'issuer-response-invalid',
      `It is not known which credential a value is. ${shown.reason}`,
    );
  if (shown.outcome === 'inactive' || shown.account !== session.reach.account) return undefined;
  const { scopes, expiresAt } = shown;
  return {
    handle: handleOfValue(session.account, held.fingerprint),
    state: 'active',
    active: true,
    ...(scopes && { scopes }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}
