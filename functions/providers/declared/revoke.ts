import { KeyturnError } from '../../core/basics/errors.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { Bound } from './declaration.ts';
import type { Entry, Revoke } from './calls.ts';
import { handleOf, idIn } from './handles.ts';
import { listed } from './list.ts';

/**
 * Ends a credential of this account. What is sent is sent once. Only the issuer's documented word for it is
 * believed, and where that is given for everything only the list is. An id that may be somebody else's by now
 * is looked up before. Error beside those of requests: `issuer-refused` where the value that is needed for it
 * cannot be told from the list.
 */
export async function revoked<A, P, G>(bound: Bound<A, P, G>, handle: string): Promise<void> {
  const { revoke, idsReturn } = bound.is;
  const id = idIn(bound, handle);
  let named = id;
  if (idsReturn || revoke.onlyOwn || revoke.onlyWhereListed || revoke.byValue) {
    const before = await listed(bound);
    if (before.length === 0) return;
    const own = before.filter((entry) => handleOf(bound, entry) === handle);
    if (!revoke.onlyWhereListed && own.length === 0) return;
    if (revoke.byValue) named = valueIn(own, handle);
  }
  const body = revoke.body?.(id, bound);
  const answer = await bound.send({
    method: revoke.method,
    path: revoke.path(bound, named),
    accept: revoke.gone,
    ends: true,
    ...(revoke.byValue && { called: revoke.byValue.called }),
    ...(body && { body }),
  });
  if (revoke.proof === 'answer' && isDone(revoke, answer)) return;
  const left = (await listed(bound)).find((entry) => handleOf(bound, entry) === handle);
  // One that can be enabled again is not revoked, either.
  if (left?.state === 'active' || (left?.state === 'disabled' && bound.is.toggle))
    throw new KeyturnError(
      revoke.proof === 'list' ? 'issuer-refused' : 'issuer-response-invalid',
      `${answer.about}${answer.reason === undefined ? '' : ` (${answer.reason})`} and lists it as ` +
        `${left.state}: ${handle}.`,
    );
}

/** Two under one handle cannot be told apart, and one that is shown without its value cannot be named. */
function valueIn([one, another]: readonly Entry[], handle: string): string {
  if (another)
    throw new KeyturnError(
      'issuer-refused',
      `The issuer lists two credentials as ${handle}, so Keyturn revokes neither: revoke the right one ` +
        'at the issuer.',
    );
  if (!one?.value)
    throw new KeyturnError(
      'issuer-refused',
      `The issuer revokes a credential by its value and does not list the value of ${handle}: revoke ` +
        'it at the issuer.',
    );
  return one.value.reveal();
}

function isDone<A, P, G>({ done }: Revoke<A, P, G>, answer: HttpAnswer): boolean {
  if (answer.status !== done.status) return false;
  return done.body === undefined || answer.read(done.body) !== undefined;
}
