import { KeyturnError } from '../../core/basics/errors.ts';
import { withCredential } from '../../core/token/transitions.ts';
import { telling } from '../../core/token/telling.ts';
import { standingForcedRevocation } from '../../core/revocation/forced-revocations.ts';
import type { Permits } from '../../core/revocation/permits.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { listOf, type Session } from '../../core/issuer/provider.ts';
import { credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import { permit, withdrawPermit } from './permits.ts';
import { permittedForcedRevocation, tooYoung } from './forced-revocation.ts';
import { change } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';
import { sessionOf } from '../evidence/place.ts';
import { permitAbout } from './grant-permit.ts';
import { LOOK_AGAIN_REFUSED, note } from './note-credential.ts';
import { handleOf } from './identify-handle.ts';

/**
 * Writes down what the policy, or the end of the token, orders of the current credential, or takes back what
 * it orders no more. The revocation guard decides.
 */
export async function takeOrder(
  work: Work,
  one: Credential,
  permits: Permits,
  ports: Ports,
): Promise<Loaded> {
  const now = ports.now();
  const order = permittedForcedRevocation(work.record.token, one, { permits, now });
  if (!order && standingForcedRevocation(work.record.token, one, now))
    return note(work, one.id, { ...NOT_ASKED_FOR, lookAt: now + LOOK_AGAIN_REFUSED }, ports);
  if (!order)
    return one.forcedRevocation === undefined || one.revokedAt !== undefined
      ? work.record
      : takeBack(work, one, ports);
  const session = await sessionOf(work, one, ports);
  const handle = session ? await handleOf(work, one, session, ports) : one.handle;
  const young = order.cause === 'max-age' ? await youthOf(work, { handle, session }, ports) : undefined;
  if (young !== undefined)
    return note(
      work,
      one.id,
      { problem: { kind: 'revocation-blocked', detail: young }, lookAt: now + LOOK_AGAIN_REFUSED },
      ports,
    );
  await permit(
    work.tokenId,
    [permitAbout({ ...one, handle }, 'forced-revocation', { at: now, by: 'policy' })],
    ports,
  );
  if (one.forcedRevocation !== undefined) return work.record;
  return change(work.record, ports, (token) => {
    if (!standingForcedRevocation(token, credentialOf(token, one.id) ?? one, now)) return token;
    const ordered = withCredential(token, one.id, (same) => ({
      ...same,
      handle,
      forcedRevocation: order,
      withoutGrace: true,
      revocationBegunAt: now,
      endingSince: now,
      lookAt: undefined,
      reason: ORDER_REASONS[order.cause],
    }));
    return telling(ordered, {
      what: 'ordered',
      about: `${one.id}/${order.cause}`,
      detail: `${handle ?? one.id} has to be revoked although it is current: ${ORDER_REASONS[order.cause]}`,
      by: work.by,
      at: now,
    });
  });
}

/**
 * Why an order for its age does not stand at the issuer, in words. Where Keyturn may not ask, the revocation
 * guard does not let it pass either.
 */
async function youthOf(
  work: Work,
  one: { handle: string | undefined; session: Session | undefined },
  ports: Ports,
): Promise<string | undefined> {
  if (!one.session) return undefined;
  try {
    return tooYoung(
      { handle: one.handle, maxAge: work.registration.policy.maxAge },
      await listOf(one.session),
      ports.now(),
    );
  } catch (error) {
    if (!(error instanceof KeyturnError) || error.rule.retry) throw error;
    return error.message;
  }
}

/** A record that came back from a backup, or that somebody wrote into: its word alone ends nothing. */
const NOT_ASKED_FOR = {
  problem: {
    kind: 'revocation-blocked',
    detail:
      'The record says that the current credential has to be revoked, and no permit of the worker ' +
      'functions says so. Ask for it again (`keyturn retire`, `keyturn report-leak`), or dismiss it ' +
      'with a rotation.',
  },
} as const satisfies Partial<Credential>;

/** The credential is needed again. */
async function takeBack(work: Work, one: Credential, ports: Ports): Promise<Loaded> {
  await withdrawPermit(work.tokenId, 'forced-revocation', one.id, ports);
  const isAge = one.forcedRevocation?.cause === 'max-age';
  return note(
    work,
    one.id,
    {
      forcedRevocation: undefined,
      problem: undefined,
      revocationBegunAt: undefined,
      endingSince: undefined,
      ...(isAge && { withoutGrace: undefined, reason: undefined }),
    },
    ports,
  );
}

const ORDER_REASONS = {
  incident: 'it leaked and was not replaced in time (on-containment-deadline is revoke)',
  'max-age': 'it is past its highest age and was not replaced (on-max-age is revoke)',
  retirement: 'a person ended the token',
} as const;
