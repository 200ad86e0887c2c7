import { KeyturnError } from '../../core/basics/errors.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { Bound } from './declaration.ts';
import type { Entry } from './calls.ts';
import type { Revoke } from './ending.ts';
import { handleOf, idIn } from './handles.ts';
import { listed } from './list.ts';
import { switching } from './toggle.ts';

/**
 * Ends a credential of this account. What is sent is sent once. Only the issuer's documented word for it is
 * believed, and where that is given for everything only the list is. An id that may be somebody else's by now
 * is looked up before. Errors beside those of requests: `not-granted` for another's; `issuer-refused` where
 * the value that is needed for it cannot be told from the list, and where the issuer keeps the last active
 * one.
 */
export async function revoked<A, P, G>(bound: Bound<A, P, G>, handle: string): Promise<void> {
  const { revoke } = bound.is;
  const id = idIn(bound, handle);
  const before = looksFirst(bound) ? await listed(bound) : [];
  const own = before.filter((entry) => handleOf(bound, entry) === handle);
  if (isGone(bound, before, own)) return;
  if (revoke.keepsLast) requireAnother(bound, handle, before);
  const kept = (await notShown(bound, id)) ?? (await notDisabled(bound, handle, own));
  const answer =
    kept ?? (await ended(bound, { id, named: revoke.byValue ? valueIn(own, handle) : id, own: own[0] }));
  if (!kept && revoke.proof === 'answer' && isDone(revoke, id, answer)) return;
  const left = (await listed(bound)).find((entry) => handleOf(bound, entry) === handle);
  // One that can be enabled again is not revoked, either.
  if (left?.state === 'active' || (left?.state === 'disabled' && bound.is.toggle))
    throw new KeyturnError(
      revoke.proof === 'list' ? 'issuer-refused' : 'issuer-response-invalid',
      `${answer.about} and lists it as ${left.state}: ${handle}.`,
    );
}

function looksFirst<A, P, G>({ is: { revoke, idsReturn, toggle } }: Bound<A, P, G>): boolean {
  return [
    idsReturn,
    revoke.onlyOwn,
    revoke.onlyWhereListed,
    revoke.byValue,
    revoke.keepsLast,
    toggle?.beforeRevoke,
  ].some((one) => one !== undefined);
}

/** Whether what the account holds shows that there is nothing to end. */
function isGone<A, P, G>(
  { is: { revoke, idsReturn } }: Bound<A, P, G>,
  before: readonly Entry[],
  own: readonly Entry[],
): boolean {
  if (revoke.onlyWhereListed) return before.length === 0;
  const isNamed = idsReturn ?? revoke.onlyOwn ?? revoke.byValue;
  return isNamed !== undefined && own.length === 0;
}

function requireAnother<A, P, G>(bound: Bound<A, P, G>, handle: string, before: readonly Entry[]): void {
  const isOwn = (entry: Entry): boolean => handleOf(bound, entry) === handle;
  if (!before.some(isOwn) || before.some((entry) => !isOwn(entry) && entry.state === 'active')) return;
  throw new KeyturnError(
    'issuer-refused',
    `${bound.name} has no other active credential than ${handle}: its issuer does not let go of the ` +
      'last one.',
  );
}

/**
 * Where an id reaches others': the answer by which the issuer shows no such credential. Error: `not-granted`
 * for one of another owner.
 */
async function notShown<A, P, G>(bound: Bound<A, P, G>, id: string): Promise<HttpAnswer | undefined> {
  const { revoke, list } = bound.is;
  const path = revoke.ownerOf?.path(bound, id);
  if (!revoke.ownerOf || path === undefined) return undefined;
  const answer = await bound.send({ method: 'GET', path, accept: [404] });
  if (answer.status === 404) return answer;
  if (answer.json(revoke.ownerOf.entry).owner === list.owner?.(bound.place)) return undefined;
  throw new KeyturnError(
    'not-granted',
    `The credential ${id} belongs to another account than ${bound.name}, which is all that this grant ` +
      'allows.',
  );
}

/**
 * Where the issuer ends only what is disabled: disables it. The answer, where that does not say that it is
 * disabled by now.
 */
async function notDisabled<A, P, G>(
  bound: Bound<A, P, G>,
  handle: string,
  [own]: readonly Entry[],
): Promise<HttpAnswer | undefined> {
  const { toggle, revoke } = bound.is;
  if (!toggle?.beforeRevoke || own?.state === 'disabled') return undefined;
  const switched = await switching(bound, toggle, { handle, wanted: 'disabled', accept: revoke.gone });
  return switched.isDone ? undefined : switched.answer;
}

function ended<A, P, G>(
  bound: Bound<A, P, G>,
  { id, named, own }: { readonly id: string; readonly named: string; readonly own: Entry | undefined },
): Promise<HttpAnswer> {
  const { revoke } = bound.is;
  const body = revoke.body?.(id, { ...bound, own });
  return bound.send({
    method: revoke.method,
    path: revoke.path(bound, named),
    accept: revoke.gone,
    ends: true,
    ...(revoke.byValue && { called: revoke.byValue.called }),
    ...(body && { body }),
  });
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

function isDone<A, P, G>({ done }: Revoke<A, P, G>, id: string, answer: HttpAnswer): boolean {
  if (answer.status !== done.status) return false;
  const body = typeof done.body === 'function' ? done.body(id) : done.body;
  return body === undefined || answer.read(body) !== undefined;
}
