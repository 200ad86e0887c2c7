import { KeyturnError } from '../../core/basics/errors.ts';
import { withCredential } from '../../core/token/transitions.ts';
import type { Session } from '../../core/issuer/provider.ts';
import { sameReach, placeText } from '../../core/issuer/reach.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Credential } from '../../core/token/credential.ts';
import { HOUR } from '../../core/basics/time.ts';
import { change } from '../inventory/store.ts';
import type { SecretWork, Work } from '../open-token/context.ts';

type Holder = Pick<SecretWork, 'record' | 'secret'>;

/**
 * The issuer at the place where a credential was made; undefined where the grant names that place neither as
 * its own nor as a former one: then Keyturn may not ask there.
 */
export async function sessionOf(
  work: Holder & Pick<Work, 'session' | 'registration'>,
  one: Pick<Credential, 'reach'>,
  ports: Pick<Ports, 'issuers'>,
): Promise<Session | undefined> {
  if (one.reach === undefined || sameReach(one.reach, work.session.reach)) return work.session;
  const { provider, admin } = work.registration;
  return ports.issuers.openAt({ provider, admin, name: work.secret.name }, one.reach);
}

/**
 * The same by the record alone, for a secret that is gone: whatever keeps the issuer from being opened is as
 * good as no grant.
 */
export async function recordedSessionOf(
  { record: { token } }: Holder,
  one: Pick<Credential, 'reach'>,
  ports: Pick<Ports, 'issuers'>,
): Promise<Session | undefined> {
  const { provider, name, admin } = token;
  try {
    return one.reach === undefined
      ? await ports.issuers.open({ provider, name, admin })
      : await ports.issuers.openAt({ provider, name, admin }, one.reach);
  } catch (error) {
    if (error instanceof KeyturnError && !error.rule.retry) return undefined;
    throw error;
  }
}

/** Why Keyturn may not ask about a credential, with what to do. */
export function outOfReach(
  token: { readonly name: string },
  one: Credential,
  here: Session['reach'] | undefined,
): string {
  const made =
    `The credential ${one.handle ?? one.id} was made at ` +
    (one.reach ? placeText(one.reach) : 'an unknown place');
  const isMoved =
    here !== undefined &&
    one.reach !== undefined &&
    (here.host !== one.reach.host || here.basePath !== one.reach.basePath);
  if (isMoved)
    return (
      `${made}, and the admin secret names ${here.host}${here.basePath} now: nothing is asked or revoked ` +
      'there until the admin secret, or one that the tag keyturn:admin names, leads there again; or ' +
      'revoke it by hand.'
    );
  return (
    `${made}, which the grant of ${token.name} does not name any more: name that account under formerly ` +
    'in the grant, or revoke the credential there by hand and wait for its expiry.'
  );
}

/** Nothing is concluded where Keyturn may not ask. People are notified of it, with the place. */
export function noteOutOfReach(
  work: Holder & Pick<Work, 'session'>,
  one: Credential,
  ports: Ports,
): Promise<Loaded> {
  const detail = outOfReach(work.record.token, one, work.session.reach);
  return change(work.record, ports, (token) =>
    withCredential(token, one.id, (same) => ({
      ...same,
      problem: { kind: 'revocation-blocked', detail },
      lookAt: ports.now() + HOUR,
    })),
  );
}
