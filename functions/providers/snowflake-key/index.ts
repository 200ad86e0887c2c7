import type { Secret } from '../../core/basics/secret.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { whose } from '../declared/whose.ts';
import {
  Admin,
  REASONS,
  STATEMENTS,
  User,
  WHO,
  asAdmin,
  calledBy,
  examination,
  statement,
} from '../snowflake-api.ts';
import { Done, Self } from '../snowflake-rows.ts';
import { asKeyPair, keyPairIn } from '../snowflake-signing.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { FINGERPRINT, Grant, NotAccepted, Pairs, added, idOf, pairOf } from './schema.ts';
import { addPair, endPair, setDisabled, showPairs } from './sql.ts';

const path = (): string => STATEMENTS;

/** No refusal is listed: the words for a removed key are those for other reasons, too. */
function verdictsFor({ user }: User): readonly Verdict[] {
  return [
    ...whose(Self, (name) => name === user, {
      another: `Snowflake takes this key for one of another user than ${user}.`,
      source: 'docs.snowflake.com, "CURRENT_USER"',
    }),
    {
      outcome: 'unknown',
      status: 401,
      body: NotAccepted.transform(
        () =>
          `Snowflake does not accept what this key signs for the user ${user}: the key is removed or ` +
          'disabled, or the user is, or the account is another one, or a clock is off.',
      ),
      source: 'slothflowlabs/duckle, issue 22; snowflakedb/snowflake-connector-net, KeyPairAuthenticator',
    },
  ];
}

/**
 * Named key pairs, never the two properties RSA_PUBLIC_KEY and RSA_PUBLIC_KEY_2: SET overwrites what stands
 * there, and no statement does so only where nothing does.
 */
export const snowflakeKey = declared({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  alone: { field: 'user', kind: 'user' },
  apiPath: '/api/v2',
  account: ({ user }: User) => `users/${user}`,
  handlePrefix: 'keys/',
  id: FINGERPRINT,
  called: calledBy(/\b(SHOW|ADD|REMOVE|MODIFY|UNSET) (?=USER|KEY|RSA)/),
  safe: REASONS,
  as: ({ admin }, { now }) => asAdmin(admin, now),
  create: {
    chooses: 'rsa-key',
    path,
    // The public half alone.
    body: (value, { admin, place }) => {
      const { name = '', publicText = '' } = pairOf(value) ?? {};
      return statement(addPair(place.user, name, publicText), admin.role);
    },
    entry: added,
    refused: {
      status: 422,
      advice: 'check that the user has fewer than 10 key pairs, expired ones among them',
    },
  },
  list: {
    path,
    body: ({ admin, place }) => statement(showPairs(place.user), admin.role),
    answer: Pairs,
    owner: ({ user }: User) => user,
    pages: onePage,
  },
  revoke: {
    method: 'POST',
    path,
    body: (_id, { admin, place, own }) => statement(endPair(place.user, own?.name ?? ''), admin.role),
    done: { status: 200, body: Done },
    // Also where the admin may not do it: the list decides, which it may not read then, either.
    gone: [422],
    // What the answer says names no key.
    proof: 'list',
    // Under which name the key stands now: a name may have another key, and a key another name.
    onlyOwn: true,
  },
  toggle: {
    method: 'POST',
    path,
    body: (wanted, _whole, _id, { admin, place, own }) =>
      statement(setDisabled(place.user, own?.name ?? '', wanted === 'disabled'), admin.role),
    entry: { done: { status: 200, body: Done } },
  },
  check: {
    method: 'POST',
    path,
    headers: (value: Secret, { admin, place }, { now }) =>
      asKeyPair({ account: admin.account, user: place.user, key: keyPairIn(value) }, now),
    body: () => statement(WHO),
    verdicts: ({ place }) => verdictsFor(place),
  },
  identify: {
    by: 'value',
    isOf: (value, { id }) => id === idOf(value),
  },
  examine: (admin, _grants, { now }) => [examination(admin, now)],
  adminValues: ({ private_key_base64: key }: Admin) => [key],
});
