import { KeyturnError } from '../../core/basics/errors.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { Bound } from './declaration.ts';
import type { Revoke } from './calls.ts';
import { handleOf, idIn } from './handles.ts';
import { listed } from './list.ts';

/**
 * Ends a credential of this account. What is sent is sent once. Only the issuer's documented word for it is
 * believed, and where that is given for everything only the list is. An id that may be somebody else's by now
 * is looked up before.
 */
export async function revoked<A, P, G>(bound: Bound<A, P, G>, handle: string): Promise<void> {
  const { revoke, idsReturn } = bound.is;
  const id = idIn(bound, handle);
  if (idsReturn || revoke.onlyOwn || revoke.onlyWhereListed) {
    const before = await listed(bound);
    if (before.length === 0) return;
    if (!revoke.onlyWhereListed && !before.some((entry) => handleOf(bound, entry) === handle)) return;
  }
  const body = revoke.body?.(id);
  const answer = await bound.send({
    method: revoke.method,
    path: revoke.path(bound, id),
    accept: revoke.gone,
    ends: true,
    ...(body && { body }),
  });
  if (revoke.proof === 'answer' && isDone(revoke, answer)) return;
  const left = (await listed(bound)).find((entry) => handleOf(bound, entry) === handle);
  if (left?.state === 'active')
    throw new KeyturnError(
      revoke.proof === 'list' ? 'issuer-refused' : 'issuer-response-invalid',
      `${answer.about}${answer.reason === undefined ? '' : ` (${answer.reason})`} and lists it as active: ${handle}.`,
    );
}

function isDone<A, P, G>({ done }: Revoke<A, P, G>, answer: HttpAnswer): boolean {
  if (answer.status !== done.status) return false;
  return done.body === undefined || answer.read(done.body) !== undefined;
}
