import { KeyturnError } from '../../core/basics/errors.ts';
import type { Minted } from '../../core/issuer/provider.ts';
import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { DAY, FURTHEST_WEST, HOUR, SECOND, type Instant } from '../../core/basics/time.ts';
import { noValueOf } from '../places.ts';
import type { HttpRequest } from '../request.ts';
import { canonicalScopes, sameScopes } from '../scopes.ts';
import type { Asked, At, Create, Entry, ValueBy } from './calls.ts';
import type { Bound } from './declaration.ts';
import { handleOf, listedCredentialOf } from './handles.ts';
import { listed } from './list.ts';

/** How far an issuer's clock may be ahead where it takes a length and does not tell when it began. */
const CLOCKS_APART = HOUR;

/** First what must not be lost, leniently; then the rest, whose faults are told and never thrown. */
export async function created<A, P, G>(
  bound: Bound<A, P, G>,
  create: Create<A, P, G>,
  request: { readonly marker: string; readonly expiresAt: Instant | undefined },
): Promise<Minted> {
  const asked = askedOf(bound, request);
  requireLife(bound, asked);
  const body = create.body(asked);
  const answer = await bound.send({
    method: 'POST',
    path: create.path(bound),
    ...(create.query && { query: create.query(bound) }),
    ...(create.headers && { headers: create.headers }),
    ...(body && { body }),
  });
  const { id, value: shown } = answer.json(create.made);
  const read = answer.read(create.entry);
  const { valueBy } = create;
  const last = valueBy ? await bound.send(valueRequest(bound, valueBy, asked, id)) : answer;
  const value = valueBy ? last.read(valueBy.value) : shown;
  const isTold = create.told === 'answer' && (!bound.is.idsReturn || read?.createdAt !== undefined);
  const entry = isTold ? read : await completed(bound, id, read);
  if (bound.is.idsReturn && entry?.createdAt === undefined)
    throw new KeyturnError(
      'issuer-response-invalid',
      `${answer.about} without the time of creation, and its list does not show it either: without ` +
        'that time the id may name another one tomorrow.',
    );
  const handle = handleOf(bound, { id, createdAt: entry?.createdAt });
  const differs = [
    value === undefined ? 'no value' : undefined,
    read ? undefined : 'fields that are not as documented',
    entry && differenceOf(bound, { asked, marker: request.marker, told: create.told }, entry),
    create.differs?.(last, asked),
  ].find((one) => one !== undefined);
  return {
    handle,
    value: value ?? noValueOf(handle),
    ...(differs !== undefined && { differs }),
    ...(bound.is.clientId && { fields: { client_id: bound.is.clientId(bound.place) } }),
    ...rest(bound, entry),
    ...(value && bound.is.valueTells?.(value)),
  };
}

/** Error: `bad-request` for a life that is shorter than what the issuer can end; nothing is sent. */
function requireLife<A, P, G>({ is: { shortest } }: Bound<A, P, G>, { seconds }: Asked<A, P, G>): void {
  if (shortest === undefined || seconds * SECOND >= shortest.life) return;
  throw new KeyturnError(
    'bad-request',
    `The policy asks for a life of ${seconds} seconds, which is too short: ${shortest.why}. Raise ` +
      'maxLifetime, or maxAge where there is none.',
  );
}

function valueRequest<A, P, G>(
  at: At<A, P, G>,
  { path, body }: ValueBy<A, P, G>,
  asked: Asked<A, P, G>,
  id: string,
): HttpRequest {
  const content = body(asked, id);
  return { method: 'POST', path: path(at, id), ...(content && { body: content }) };
}

function rest<A, P, G>(
  bound: Bound<A, P, G>,
  entry: Entry | undefined,
): Pick<Minted, 'createdAt' | 'expiresAt' | 'scopes'> {
  if (!entry) return {};
  const { createdAt, expiresAt, scopes } = listedCredentialOf(bound, entry);
  return {
    ...(createdAt !== undefined && { createdAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(scopes && { scopes }),
  };
}

/**
 * What the list tells of one that was just made, over what the answer told. A list that fails or lacks it
 * takes nothing away: the credential is active.
 */
async function completed<A, P, G>(
  bound: Bound<A, P, G>,
  id: string,
  read: Entry | undefined,
): Promise<Entry | undefined> {
  try {
    return (await listed(bound)).find((entry) => entry.id === id) ?? read;
  } catch (error) {
    if (error instanceof KeyturnError) return read;
    throw error;
  }
}

function askedOf<A, P, G>(
  bound: Bound<A, P, G>,
  {
    marker,
    expiresAt: wanted = Infinity,
  }: { readonly marker: string; readonly expiresAt: Instant | undefined },
): Asked<A, P, G> {
  const { is, grant, maxDays = 0 } = bound;
  const now = bound.tools.now();
  const expiresAt = lastInstant(is.descriptor.expiry, wanted, maxDays, now);
  return {
    admin: bound.admin,
    place: bound.place,
    grant,
    name: is.names?.of(marker) ?? marker,
    scopes: canonicalScopes(is.scopes?.(grant) ?? []),
    expiresAt,
    seconds: Math.floor((expiresAt - now) / SECOND),
  };
}

function lastInstant(
  { step, given }: ProviderDescriptor['expiry'],
  wanted: Instant,
  maxDays: number,
  now: Instant,
): Instant {
  if (step === 'day') return lastDay(wanted, maxDays, now);
  const latest = Math.min(wanted, now + maxDays * DAY);
  // A length is counted in whole seconds from now, whatever part of a second that is. One of none would be
  // for ever at some issuers.
  const from = given === 'duration' ? now % SECOND : 0;
  return Math.max(Math.floor((latest - from) / SECOND) * SECOND + from, now + SECOND);
}

/**
 * The date at whose beginning it ends: never after the instant asked for, but tomorrow at least. The longest
 * life of a grant is often that of the issuer, which may count it from today's date in its own zone: the date
 * that is today everywhere stands for it.
 */
function lastDay(wanted: Instant, maxDays: number, now: Instant): Instant {
  const latest = Math.min(wanted, now - FURTHEST_WEST + maxDays * DAY);
  return Math.floor(Math.max(latest, now + DAY) / DAY) * DAY;
}

interface Wish<A, P, G> {
  readonly asked: Asked<A, P, G>;
  readonly marker: string;
  readonly told: Create<A, P, G>['told'];
}

function differenceOf<A, P, G>(bound: Bound<A, P, G>, wish: Wish<A, P, G>, entry: Entry): string | undefined {
  const { found, expiry } = bound.is.descriptor;
  const made = listedCredentialOf(bound, entry);
  if (found === 'name' && made.name !== wish.marker)
    return made.name === undefined ? 'a name that it does not show' : 'another name';
  if (made.scopes && !sameScopes(made.scopes, wish.asked.scopes)) return 'other scopes';
  if (expiry.settable && isLater(bound, wish, entry)) return 'a later expiry';
  return made.active ? undefined : 'a state that is not active';
}

/**
 * One that has no end, where the answer would tell it, is later than any. A length counts from the issuer's
 * own beginning.
 */
function isLater<A, P, G>(
  { is, tools }: Bound<A, P, G>,
  { asked: { expiresAt, seconds }, told }: Wish<A, P, G>,
  { expiresAt: made, createdAt }: Entry,
): boolean {
  if (made === undefined) return told === 'answer' || createdAt !== undefined;
  if (is.descriptor.expiry.given !== 'duration') return made > expiresAt;
  const begun = createdAt ?? tools.now() + CLOCKS_APART;
  return made > begun + (seconds + 1) * SECOND;
}
