import { KeyturnError } from '../../core/basics/errors.ts';
import { isRetiring } from '../../core/token/retirement.ts';
import { placeOf } from '../../core/secret-text/value-place.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import { requireVisible } from '../rotation/pending-version.ts';
import { registeredFields } from '../rotation/enroll.ts';
import { obstacleOf } from '../inventory/registration.ts';
import type { Token } from '../../core/token/token.ts';
import { openRegistered } from '../rotation/index.ts';
import { load } from '../inventory/store.ts';
import type { SecretWork, Work } from './context.ts';

/**
 * What is needed to bring an attempt to its end, also where nothing is granted any more. Errors: `not-found`,
 * `not-rotatable`.
 */
export async function workOn(tokenId: string, by: string, ports: Ports): Promise<SecretWork> {
  const record = await load(tokenId, ports);
  const secret = await ports.secrets.describe(record.token.secretArn);
  requireVisible(record.token, secret, ports);
  const { provider, name, admin } = record.token;
  const obstacle = obstacleOf(secret);
  if (obstacle !== undefined) throw new KeyturnError('not-rotatable', obstacle);
  return {
    secret,
    tokenId,
    record,
    by,
    place: placeOf(secret.tags, ports.issuers.provider(provider).descriptor),
    open: () => ports.issuers.open({ provider, name, admin }),
  };
}

/**
 * The same for a token that a person ended: also where its secret cannot be read any more, or is gone, and
 * the record alone tells what is left of it. Errors: those of {@link registeredWork}.
 */
export async function endingWork(tokenId: string, by: string, ports: Ports): Promise<Work> {
  const record = await load(tokenId, ports);
  const { token } = record;
  const secret = await describedOrGone(token, ports);
  if (!isRetiring(token) || secret.deletedAt === undefined) return registeredWork(tokenId, by, ports);
  const { provider, name, admin } = token;
  const session = await ports.issuers.open({ provider, name, admin });
  const { owner, environment, purpose, policy, consumers = [] } = token;
  const registration = {
    installation: ports.installation.name,
    provider,
    admin,
    owner,
    environment,
    purpose,
    policy,
    consumers,
  };
  return {
    secret,
    tokenId,
    record,
    by,
    registration,
    session,
    place: placeOf(secret.tags, ports.issuers.provider(provider).descriptor),
    open: async () => session,
  };
}

/** A secret that is gone stands there like one whose deletion is due: nothing of it can be read. */
export async function describedOrGone(token: Token, ports: Ports): Promise<SecretDescription> {
  try {
    return await ports.secrets.describe(token.secretArn);
  } catch (error) {
    if (!(error instanceof KeyturnError && error.code === 'not-found')) throw error;
    return {
      arn: token.secretArn,
      name: token.name,
      tags: new Map(),
      rotationEnabled: false,
      versions: new Map(),
      deletedAt: ports.now(),
      replicas: [],
    };
  }
}

/** The same with the registration checked and the issuer open. Errors: those of both. */
export async function registeredWork(tokenId: string, by: string, ports: Ports): Promise<Work> {
  const work = await workOn(tokenId, by, ports);
  const target = await openRegistered(work.secret, ports, { last: work.record.token.policy });
  // Tags as they are now decide, above all how much grace there is; the next save writes them down.
  const record = {
    ...work.record,
    token: { ...work.record.token, ...registeredFields(target.registration, ports.now(), work.record.token) },
  };
  return { ...work, ...target, record };
}
