import { KeyturnError } from '../../core/errors.ts';
import type { Ports } from '../../core/ports.ts';
import { registeredFields } from '../enrol.ts';
import { obstacleOf } from '../registered.ts';
import { openRegistered } from '../rotate/index.ts';
import { load } from '../store.ts';
import type { SecretWork, Work } from './context.ts';

/** What is needed to bring an attempt to its end, also where nothing is granted any more. Errors: `not-found`, `not-rotatable`. */
export async function workOn(tokenId: string, by: string, ports: Ports): Promise<SecretWork> {
  const record = await load(tokenId, ports);
  const secret = await ports.secrets.describe(record.token.secretArn);
  const { provider, name, admin } = record.token;
  const obstacle = obstacleOf(secret);
  if (obstacle !== undefined) throw new KeyturnError('not-rotatable', obstacle);
  return { secret, tokenId, record, by, valueField: ports.issuers.provider(provider).descriptor.valueField, open: () => ports.issuers.open({ provider, name, admin }) };
}

/** The same with the registration checked and the issuer open. Errors: those of both. */
export async function registeredWork(tokenId: string, by: string, ports: Ports): Promise<Work> {
  const work = await workOn(tokenId, by, ports);
  const target = await openRegistered(work.secret, ports);
  // Tags as they are now decide, above all how much grace there is; the next save writes them down.
  const record = { ...work.record, token: { ...work.record.token, ...registeredFields(target.registration, work.record.token) } };
  return { ...work, ...target, record };
}
