import { KeyturnError } from '../../core/basics/errors.ts';
import type { Randomness } from '../../core/basics/randomness.ts';
import type { ListedCredential } from '../../core/issuer/provider.ts';
import { isFilledByExpired, roomOf } from '../../core/issuer/issuer-facts.ts';
import { Secret } from '../../core/basics/secret.ts';
import type { Entry, Install } from './calls.ts';
import { holds } from './check.ts';
import type { Bound } from './declaration.ts';
import { handleOf, listedCredentialOf } from './handles.ts';
import { listed } from './list.ts';
import { switched } from './toggle.ts';

/** A private key, or random bytes as text that needs no quoting anywhere (RFC 4648 §5). */
export function chosen(chooses: Install<never, never, never>['chooses'], random: Randomness): Secret {
  if (chooses === 'rsa-key') return new Secret(random.rsaKey());
  return new Secret(Buffer.from(random.bytes(chooses.bytes)).toString('base64url'));
}

/** Which credential a value is, and how many slots are taken. */
interface Look {
  readonly found: Entry | undefined;
  readonly taken: number;
}

/**
 * Has the issuer accept a value. Doing it twice leaves one credential: the value is looked up in the list
 * before, and after an answer that says nothing. Errors beside those of requests: `credential-limit-reached`
 * where no slot is free; `issuer-refused`.
 */
export async function installed<A, P, G>(
  bound: Bound<A, P, G>,
  install: Install<A, P, G>,
  value: Secret,
): Promise<ListedCredential> {
  const room = roomOf(bound.is.descriptor.slots);
  const before = await lookFor(bound, value);
  if (before.found) return listedCredentialOf(bound, await activated(bound, before.found));
  const made = before.taken < room ? await sent(bound, install, value) : undefined;
  const after = made === undefined ? await lookFor(bound, value) : undefined;
  const entry = made ?? after?.found;
  if (entry?.state === 'active') return listedCredentialOf(bound, entry);
  if (after && after.taken >= room)
    throw new KeyturnError(
      'credential-limit-reached',
      `All ${room} slots of ${bound.name} are taken, by active credentials or others: revoke one ` +
        'there that is not in use.',
    );
  throw new KeyturnError(
    'issuer-refused',
    `The issuer does not accept a new value for ${bound.name}: ${install.refused.advice}.`,
  );
}

async function lookFor<A, P, G>(bound: Bound<A, P, G>, value: Secret): Promise<Look> {
  const { slots } = bound.is.descriptor;
  const all = await listed(bound);
  const fills = ({ state }: Entry): boolean =>
    state === 'active' || state === 'disabled' || (state === 'expired' && isFilledByExpired(slots));
  return { found: all.find((entry) => holds(bound, entry, value)), taken: all.filter(fills).length };
}

/** One that was disabled meanwhile is enabled: its value is stored, and about to be current. */
async function activated<A, P, G>(bound: Bound<A, P, G>, found: Entry): Promise<Entry> {
  if (found.state === 'active') return found;
  const handle = handleOf(bound, found);
  const { toggle } = bound.is;
  if (found.state !== 'disabled' || !toggle)
    throw new KeyturnError('issuer-refused', `The issuer lists the new value as ${found.state}: ${handle}.`);
  await switched(bound, toggle, handle, 'active');
  return { ...found, state: 'active' };
}

/**
 * Not repeated by itself: after a lost answer the next call finds the value in the list. Undefined where the
 * answer says nothing that can be relied on.
 */
async function sent<A, P, G>(
  bound: Bound<A, P, G>,
  { path, body, entry, refused }: Install<A, P, G>,
  value: Secret,
): Promise<Entry | undefined> {
  const content = body(value, bound);
  const answer = await bound.send({
    method: 'POST',
    path: path(bound),
    accept: [refused.status],
    ...(content && { body: content }),
  });
  if (answer.status === refused.status) return undefined;
  return answer.read(typeof entry === 'function' ? entry(value) : entry);
}
