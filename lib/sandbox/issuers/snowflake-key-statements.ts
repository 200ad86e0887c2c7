/** The statements by which a simulated Snowflake manages key pairs. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { MintingAccounts } from './minting-accounts.ts';
import {
  carriedOut,
  failed,
  missing,
  notUnderstood,
  resultOf,
  secondsText,
  taken,
} from './snowflake-answers.ts';
import { isReserved, type KeyPairs, type StoredPair } from './snowflake-key-pairs.ts';
import { fingerprintOf } from './snowflake-keys.ts';

/** "Each user can have a maximum of 10 key pairs by default." */
const MOST = 10;

const NAME = '"((?:[^"]|"")+)"';
const ADD = new RegExp(`^ALTER USER ${NAME} ADD KEY PAIR ${NAME} PUBLIC_KEY = '([A-Za-z0-9+/=]+)'$`);
const REMOVE = new RegExp(`^ALTER USER ${NAME} REMOVE KEY PAIR ${NAME}$`);
const UNSET = new RegExp(`^ALTER USER ${NAME} UNSET (RSA_PUBLIC_KEY(?:_2)?)$`);
const MODIFY = new RegExp(`^ALTER USER ${NAME} MODIFY KEY PAIR ${NAME} SET DISABLED = (TRUE|FALSE)$`);
const SHOW = new RegExp(`^SHOW USER KEY PAIRS FOR USER ${NAME}$`);

/** In the order of the documentation. */
const SHOWN = [
  'name',
  'user_name',
  'fingerprint',
  'role_scope',
  'status',
  'comment',
  'created_on',
  'created_by',
  'last_used_on',
  'expires_at',
  'rotated_to',
];

/** What statements work on. */
interface Managing {
  readonly pairs: KeyPairs;
  readonly accounts: Pick<MintingAccounts, 'has'>;
  readonly isListed: (pair: StoredPair) => boolean;
  readonly now: Instant;
}

/** The user that a statement about key pairs is about; undefined for any other statement. */
export function userIn(statement: string): string | undefined {
  const match = [ADD, REMOVE, UNSET, MODIFY, SHOW]
    .map((one) => one.exec(statement))
    .find((one) => one !== null);
  return match?.[1]?.replaceAll('""', '"');
}

/**
 * Carries out a statement. Source: docs.snowflake.com, ALTER USER … ADD, MODIFY and REMOVE KEY PAIR, ALTER
 * USER, SHOW USER KEY PAIRS. The words of refusals are not documented.
 */
export function manageKeyPairs(statement: string, about: Managing): Response {
  const user = userIn(statement);
  if (user === undefined) return notUnderstood();
  const account = `users/${user}`;
  if (!about.accounts.has(account)) return missing('User', user);
  if (SHOW.test(statement)) return show(account, about);
  const [, , name = '', text = ''] = ADD.exec(statement) ?? [];
  if (name !== '') return add(account, { name: name.replaceAll('""', '"'), text }, about);
  const [, , property] = UNSET.exec(statement) ?? [];
  if (property !== undefined) return unset(account, property, about);
  return change(account, statement, about);
}

function show(account: string, { pairs, isListed, now }: Managing): Response {
  return resultOf(SHOWN, pairs.kept(account).filter(isListed).map(shown), now);
}

function shown(pair: StoredPair): Readonly<Record<string, string | null>> {
  return {
    name: pair.name,
    user_name: pair.account.slice('users/'.length),
    fingerprint: pair.fingerprint,
    status: pair.disabledAt === undefined ? 'ACTIVE' : 'DISABLED',
    created_on: secondsText(pair.createdAt),
    created_by: 'KEYTURN',
    last_used_on: pair.lastUsedAt === undefined ? null : secondsText(pair.lastUsedAt),
  };
}

function add(
  account: string,
  { name, text }: { readonly name: string; readonly text: string },
  { pairs, now }: Managing,
): Response {
  const kept = pairs.kept(account);
  const publicKey = publicKeyIn(text);
  const bits = publicKey?.asymmetricKeyDetails?.modulusLength ?? 0;
  if (!publicKey || bits < 2_048) return failed('The public key is none.');
  if (isReserved(name)) return failed(`The name '${name}' is reserved.`);
  if (kept.some((one) => one.name === name)) return taken(name);
  const fingerprint = fingerprintOf(publicKey);
  if (kept.some((one) => one.fingerprint === fingerprint && one.disabledAt === undefined))
    return failed('The user has this public key.');
  if (kept.filter((one) => !isReserved(one.name)).length >= MOST)
    return failed('The user has the most key pairs.');
  pairs.add(account, name, publicKey);
  return carriedOut(now);
}

function unset(account: string, property: string, { pairs, now }: Managing): Response {
  const name = property.endsWith('_2') ? 'PUBLIC_KEY_2' : 'PUBLIC_KEY_1';
  for (const pair of pairs.kept(account)) if (pair.name === name) pairs.remove(pair);
  return carriedOut(now);
}

function change(account: string, statement: string, { pairs, now }: Managing): Response {
  const [, , quoted = '', value] = MODIFY.exec(statement) ?? REMOVE.exec(statement) ?? [];
  const name = quoted.replaceAll('""', '"');
  const pair = pairs.kept(account).find((one) => one.name === name);
  // "The names PUBLIC_KEY_1 and PUBLIC_KEY_2 … can't be removed through this command."
  if (!pair || isReserved(name)) return missing('Key pair', name);
  if (value === undefined) pairs.remove(pair);
  else pairs.switch(pair, value === 'TRUE');
  return carriedOut(now);
}

function publicKeyIn(text: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(text, 'base64'), type: 'spki', format: 'der' });
  } catch {
    return undefined;
  }
}
