import { KeyturnError } from '../../core/basics/errors.ts';
import type { ListedCredential, Minted } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { DAY, SECOND, type Instant } from '../../core/basics/time.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { HttpClient } from '../http.ts';
import { noValueOf } from '../places.ts';
import type { about } from './requests.ts';
import { ACCESSOR, Accessors, MadeFor, MadeSecretId, NoneListed, Shown, goneOf } from './schema.ts';

/** What the calls of one session share. */
export interface Bound {
  /** Sends as the admin. */
  readonly http: HttpClient;
  readonly ask: ReturnType<typeof about>;
  /** Host, base path and role in one text: the start of every handle. */
  readonly name: string;
  readonly maxDays: number;
  readonly now: () => Instant;
}

/** Each is looked up by itself: a role with more is not one for a few consumers. */
const MOST_LISTED = 500;

/** The accessors of the role's secret IDs. Vault answers a list of nothing with 404. */
async function accessors({ http, ask, name }: Bound): Promise<readonly string[]> {
  const answer = await http.send({ ...ask.list, accept: [404] });
  if (answer.status !== 404) return answer.json(Accessors);
  if (answer.read(NoneListed)) return [];
  throw new KeyturnError('issuer-refused', `${answer.about}: it has no list of the secret IDs of ${name}.`);
}

/** Undefined for one that is gone, which Vault says with 404 and words about this very accessor. */
async function shown({ http, ask, name }: Bound, accessor: string): Promise<Shown | undefined> {
  const answer = await http.send({ ...ask.lookUp(accessor), repeatable: true, accept: [404] });
  if (answer.status !== 404) return own(answer, accessor);
  if (answer.read(goneOf(accessor))) return undefined;
  throw new KeyturnError(
    'issuer-response-invalid',
    `${answer.about}, and does not say that the secret ID ${name}/${accessor} is gone.`,
  );
}

function own(answer: HttpAnswer, accessor: string): Shown {
  const one = answer.json(Shown);
  if (one.accessor === accessor) return one;
  throw new KeyturnError(
    'issuer-response-invalid',
    `${answer.about} with another secret ID than was asked for.`,
  );
}

/** Error: `issuer-refused` for a role with more than {@link MOST_LISTED}, before any is looked up. */
export async function listed(bound: Bound): Promise<ListedCredential[]> {
  const all = await accessors(bound);
  if (all.length > MOST_LISTED)
    throw new KeyturnError(
      'issuer-refused',
      `${bound.name} has ${all.length} secret IDs, and Keyturn looks up ${MOST_LISTED} at most: destroy ` +
        'those that nobody uses.',
    );
  const found: ListedCredential[] = [];
  for (const accessor of all) {
    const one = await shown(bound, accessor);
    if (one) found.push(credentialOf(bound, one));
  }
  return found;
}

function credentialOf({ name, now }: Bound, one: Shown): ListedCredential {
  const { accessor, name: marker, createdAt, expiresAt, onlyFrom } = one;
  const isOver = expiresAt !== undefined && expiresAt <= now();
  return {
    handle: `${name}/${accessor}`,
    state: isOver ? 'expired' : 'active',
    active: !isOver,
    createdAt,
    ...(marker !== undefined && { name: marker }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(onlyFrom.length > 0 && { onlyFrom }),
  };
}

/**
 * Asked as the admin, which is no login. Vault answers 204 for a value that the role does not have; it marks
 * each of its answers as not to be stored, which tells it from others that answer 204 to anything.
 */
export async function identified(bound: Bound, value: Secret): Promise<ListedCredential | undefined> {
  const { http, ask } = bound;
  const answer = await http.send({ ...ask.lookUpValue(value), repeatable: true });
  if (answer.status === 204 && answer.headers.get('cache-control') === 'no-store') return undefined;
  const one = answer.json(Shown);
  const isShown = (await accessors(bound)).includes(one.accessor);
  return isShown ? credentialOf(bound, one) : undefined;
}

/** First what must not be lost, leniently; then the rest, whose faults are told and never thrown. */
export async function minted(
  bound: Bound,
  request: { readonly marker: string; readonly expiresAt: Instant | undefined },
): Promise<Minted> {
  const { http, ask, name, maxDays, now } = bound;
  const life = Math.min((request.expiresAt ?? Infinity) - now(), maxDays * DAY);
  const seconds = Math.max(Math.floor(life / SECOND), 1);
  const answer = await http.send(ask.create(request.marker, seconds));
  const { accessor, value } = answer.json(MadeSecretId);
  const handle = `${name}/${accessor}`;
  const one = await shownAfter(bound, accessor);
  const differs = [
    value === undefined ? 'no value' : undefined,
    differenceIn(answer, seconds),
    one && one.name !== request.marker ? 'another name' : undefined,
    one && one.onlyFrom.length > 0 ? 'other networks (cidr_list)' : undefined,
  ].find((what) => what !== undefined);
  return {
    handle,
    value: value ?? noValueOf(handle),
    ...(differs !== undefined && { differs }),
    ...(one && { createdAt: one.createdAt }),
    ...(one?.expiresAt !== undefined && { expiresAt: one.expiresAt }),
  };
}

/** A look-up that fails takes nothing away: the secret ID is active. */
async function shownAfter(bound: Bound, accessor: string): Promise<Shown | undefined> {
  try {
    return await shown(bound, accessor);
  } catch (error) {
    if (error instanceof KeyturnError) return undefined;
    throw error;
  }
}

/** A mount may allow less than was asked for, never more. */
function differenceIn(answer: HttpAnswer, seconds: number): string | undefined {
  const made = answer.read(MadeFor);
  if (!made) return 'fields that are not as documented';
  if (made.uses !== 0) return 'a limit of uses';
  return made.seconds === 0 || made.seconds > seconds ? 'a later expiry' : undefined;
}

/**
 * Vault answers 500 for one that is gone. Anything but the documented success is looked up. Errors beside
 * those of requests: `not-granted` for another role's.
 */
export async function revoked(bound: Bound, handle: string): Promise<void> {
  const { http, ask, name } = bound;
  const accessor = handle.startsWith(`${name}/`) ? handle.slice(name.length + 1) : '';
  if (!ACCESSOR.test(accessor))
    throw new KeyturnError(
      'not-granted',
      `The handle of the credential to revoke is not one of ${name}, which is all that this grant allows.`,
    );
  const answer = await http.send({ ...ask.destroy(accessor), accept: [400, 404, 500], ends: true });
  if (answer.status === 204 || !(await shown(bound, accessor))) return;
  throw new KeyturnError(
    answer.status === 500 ? 'issuer-unreachable' : 'issuer-response-invalid',
    `${answer.about}, and the secret ID is still there: ${handle}.`,
  );
}
