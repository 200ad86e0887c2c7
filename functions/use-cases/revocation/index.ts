import { isOnWayToEnd } from '../../core/revocation/claims.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { ValuePlace } from '../../core/secret-text/value-place.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { listOf, type Session } from '../../core/issuer/provider.ts';
import { credentialOf } from '../../core/token/lookups.ts';
import { graceObjection } from './grace.ts';
import { issuerObjection } from './issuer.ts';
import { lastLook } from './last-check.ts';
import { lookAround, secondLookObjection, type Look } from './holders.ts';
import { otherObjection } from './other-secrets.ts';
import { wayOf, type Way } from './way.ts';
import { notUnderstoodObjection } from './not-understood.ts';
import { ageObjection } from './forced-revocation.ts';
import { ownObjection, twinObjection } from './own-secret.ts';
import { pictureObjection } from './complete-pass.ts';
import { replicaObjection } from './replicas.ts';
import {
  behind,
  refused,
  type Case,
  type Disabling,
  type LastLook,
  type Refusal,
  type Verdict,
} from './target.ts';

export type { Disabling, Verdict } from './target.ts';

export interface RevokeTarget {
  readonly tokenId: string;
  readonly credentialId: string;
}

/**
 * The guard: the one place in Keyturn from which a credential is revoked or disabled. It refuses when it is
 * or may be AWSCURRENT, the AWSPENDING of an open attempt, in grace, or labelled by a person, in this secret
 * or in any other whose record names it; when another installation's marker is on it, or nothing attributes
 * it to this token; before the picture of all secrets is complete; while a copy of the secret in another
 * Region has not got the current version; and when what took its place is not seen to work. One that is
 * AWSCURRENT is revoked only by a recorded order, of its policy as the tags are now, or of a person who ended
 * the token. A record only ever protects. What lets a credential be revoked is written by the worker
 * functions alone, where they alone may write.
 *
 * Everything is looked at once, the issuer included. Then secrets and records are read again, records last,
 * and have to be as they were: whoever wants the credential back writes that into a record first, so that one
 * of the two sees the other. `stale` refusals mean that the record is behind; `giveBack` ones that another
 * act needs the credential.
 */
export async function revoke(
  target: RevokeTarget,
  session: Session,
  place: ValuePlace,
  ports: Ports,
): Promise<Verdict> {
  const passed = await pass(target, session, place, ports);
  return 'way' in passed ? revoked(passed) : passed;
}

/**
 * The same guard, and then the credential is disabled. Whatever comes of it, nothing is revoked; what failed
 * has to pass the guard anew.
 */
export async function disable(
  target: RevokeTarget,
  session: Session,
  place: ValuePlace,
  ports: Ports,
): Promise<Disabling> {
  const passed = await pass(target, session, place, ports);
  return 'way' in passed ? disabled(passed) : { outcome: 'refused', refusal: passed };
}

/** What passed the guard just now. */
interface Passed {
  readonly way: Way;
  readonly looked: LastLook | undefined;
}

async function pass(
  target: RevokeTarget,
  session: Session,
  place: ValuePlace,
  ports: Ports,
): Promise<Passed | Refusal> {
  const loaded = await ports.inventory.load(target.tokenId);
  const credential = loaded && credentialOf(loaded.token, target.credentialId);
  if (!loaded || !credential) return behind('The credential is not on record any more.');
  if (credential.handle === undefined)
    return refused('Nothing tells which credential at the issuer this is.');
  const { permits } = await ports.inventory.loadPermits(target.tokenId);
  const one: Case = {
    token: loaded.token,
    target: { ...credential, handle: credential.handle },
    session,
    place,
    permits,
  };
  if (!isOnWayToEnd(credential))
    return behind(`The credential ${credential.handle} is ${credential.state}, not claimed for its end.`);
  const look = await lookAround(target.tokenId, one.target, loaded.token.provider, ports);
  if ('revoked' in look) return look;
  if (look.own.loaded.revision !== loaded.revision) return behind('The record was changed meanwhile.');
  const objection =
    (await objectionIn(look, one, ports)) ??
    replicaObjection(one, look.own.secret, ports) ??
    (await pictureObjection(one, ports)) ??
    (await notUnderstoodObjection(one, ports)) ??
    (await listObjection(look, one, ports));
  if (objection) return objection;
  const looked = await lastLook(one, look.own.secret, ports);
  if (looked && 'revoked' in looked) return looked;
  const way = await wayOf(one, ports);
  return 'revoked' in way ? way : ((await secondLookObjection(look, one, ports)) ?? { looked, way });
}

async function listObjection(look: Look, one: Case, ports: Ports): Promise<Refusal | undefined> {
  const listed = await listOf(one.session);
  return (
    (listed && issuerObjection(one, listed, ports)) ??
    ageObjection(one, listed, ports.now()) ??
    graceObjection(look, one, listed ?? 'no list', ports)
  );
}

/** An issuer's definite no is a refusal like ours; anything that may pass is thrown. */
async function revoked({ way, looked }: Passed): Promise<Verdict> {
  try {
    await (way.by === 'value' ? way.session.revoke(way.value) : way.session.revoke(way.handle));
    return { revoked: true, ...(looked && { looked }) };
  } catch (error) {
    if (!(error instanceof KeyturnError) || error.rule.retry) throw error;
    return refused(error.message, looked && { looked });
  }
}

/** An answer that was lost, or is no clear word, is none: the credential counts as it was before. */
async function disabled({ way, looked }: Passed): Promise<Disabling> {
  const toggle = way.by === 'handle' ? way.session.toggle : undefined;
  if (way.by !== 'handle' || !toggle)
    return { outcome: 'failed', reason: 'The issuer cannot disable a credential.' };
  try {
    await toggle.disable(way.handle);
    return { outcome: 'disabled', ...(looked && { looked }) };
  } catch (error) {
    if (!(error instanceof KeyturnError)) throw error;
    return { outcome: 'failed', reason: error.message };
  }
}

async function objectionIn(look: Look, one: Case, ports: Ports): Promise<Refusal | undefined> {
  const own =
    (await ownObjection(look, one, ports)) ?? twinObjection(look.own.loaded.token, one, ports.now());
  return own ?? otherObjection(look, one, ports);
}
