import { KeyturnError } from '../../core/basics/errors.ts';
import { handleOfValue } from '../../core/issuer/identity.ts';
import {
  isListed,
  type ListedCredential,
  type ListedSession,
  type Session,
  type Shown,
} from '../../core/issuer/provider.ts';
import { probeOf, type HeldValue } from './probe-of.ts';

type Held = HeldValue & { readonly fingerprint: string };

/** An account with one slot accepts no other account's values. */
async function shownBy(session: Exclude<Session, ListedSession>, held: Held): Promise<Shown> {
  if (session.kind !== 'replacing') return session.ask(held.value);
  const probe = await probeOf(session, held);
  const { account } = session.reach;
  return probe.outcome === 'active' ? { ...probe, account, called: account } : probe;
}

/**
 * Which credential a value is, as its issuer tells it. Where people create values, its handle is made from
 * the value, once the issuer says that it belongs to the account of the grant. Error:
 * `issuer-response-invalid` where the issuer does not say.
 */
export async function identifiedBy(session: Session, held: Held): Promise<ListedCredential | undefined> {
  if (isListed(session)) return session.identify(held.value, held.payload.beside);
  const shown = await shownBy(session, held);
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
