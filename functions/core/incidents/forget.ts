import { isRetiring } from '../token/retirement.ts';
import { lostRotation, recalledRotations, withForgottenRotation } from './forget-rotation.ts';
import { KeyturnError } from '../basics/errors.ts';
import { isExposed } from '../token/exposure.ts';
import { moveCredential } from '../token/transitions.ts';
import { telling } from '../token/telling.ts';
import { attemptOf, credentialOf, isUnderWay } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import type { Instant } from '../basics/time.ts';

/** A person has Keyturn look after a credential no more. */
export interface Forgetting {
  readonly credentialId: string;
  readonly by: string;
  readonly reason: string;
  readonly now: Instant;
}

/**
 * Leaves a tombstone of a credential whose end can be neither reached nor seen. It takes no slot, is no
 * orphaned credential, and no claim of it holds up another token. It is not called revoked, stays in the
 * record, and is known again when it leaks. Twice is once. The id of a rotation that is over is that of what
 * it may have left: see {@link withForgottenRotation}. Errors: `not-found`; `bad-request` for what is needed,
 * or what outsiders have while it may be active.
 */
export function withForgotten(token: Token, { credentialId, by, reason, now }: Forgetting): Token {
  if (lostRotation(token, credentialId))
    return withForgottenRotation(token, { attemptId: credentialId, by, reason, now });
  const one = credentialOf(token, credentialId);
  if (!one && attemptOf(token, credentialId)?.tidy === true) return token;
  if (!one)
    throw new KeyturnError(
      isPending(token, credentialId) ? 'bad-request' : 'not-found',
      whyNone(token, credentialId),
    );
  if (one.state === 'ended') return token;
  const objection = whyKept(token, one);
  if (objection !== undefined) throw new KeyturnError('bad-request', objection);
  const left = moveCredential(token, one.id, 'end', {
    forgotten: { at: now, by, reason },
    problem: undefined,
    lookAt: undefined,
    verdict: undefined,
    pendingConsumers: undefined,
  });
  return telling(left, {
    what: 'forgotten',
    about: one.id,
    detail: `${one.handle ?? one.id} is managed no more, and may be active: ${reason}`,
    by,
    at: now,
  });
}

function isPending(token: Token, id: string): boolean {
  const attempt = attemptOf(token, id);
  return attempt !== undefined && (isUnderWay(attempt) || attempt.tidy !== true);
}

function whyNone(token: Token, id: string): string {
  return isPending(token, id)
    ? `The credential ${id} of ${token.name} is being made: wait until its rotation is over.`
    : `${token.name} has no credential ${id} on record: \`keyturn show\` lists them.`;
}

/**
 * Why a credential cannot be forgotten, in one sentence; undefined where it can. One that is current is
 * needed, unless its token is being ended or its secret is deleted.
 */
export function whyKept(token: Token, one: Credential): string | undefined {
  const name = `The credential ${one.handle ?? one.id} of ${token.name}`;
  const isOver = isRetiring(token) || token.deletion !== undefined;
  if (one.state === 'current' && !isOver)
    return (
      `${name} is the current one: it is replaced with \`keyturn rotate\`, or ended with \`keyturn ` +
      `retire\`.`
    );
  if (one.state === 'rolling-back' && !isOver)
    return `${name} is about to be current again: wait until the rollback is over.`;
  if (isPending(token, one.id)) return `${name} is being made: wait until its rotation is over.`;
  if (isExposed(token, one))
    return `${name} leaked, and may be active: revoke it at its issuer. Keyturn then notices that.`;
  return undefined;
}

/** What was forgotten and is out now is looked after again: a tombstone is no proof that it is inactive. */
export function recalled(of: Token, fingerprint: string | undefined, now: Instant): Token {
  const token = recalledRotations(of, fingerprint);
  const isMeant = (one: Credential): boolean =>
    one.forgotten !== undefined && one.fingerprint !== undefined && one.fingerprint === fingerprint;
  if (!token.credentials.some(isMeant)) return token;
  return { ...token, credentials: token.credentials.map((one) => (isMeant(one) ? back(one, now) : one)) };
}

function back(one: Credential, now: Instant): Credential {
  const {
    forgotten: _forgotten,
    revokedAt: _revoked,
    revocationBegunAt: _claimed,
    endingSince: _since,
    forcedRevocation: _forcedRevocation,
    ...rest
  } = one;
  return { ...rest, state: 'previous', supersededAt: one.supersededAt ?? now };
}
