import { declared } from '../declared/index.ts';
import { cursor } from '../declared/paging.ts';
import type { HttpRequest } from '../request.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Caller, Grant, KeyPage, MadeKey, NewKey, NextPage, User, doneOf, userOf } from './schema.ts';
import { signatureOf, stsOf } from './sign.ts';
import { DIALECT, REFUSED, SAFE, verdictsFor } from './verdicts.ts';
import { readXml } from './xml.ts';

const IAM = '2010-05-08';
/** "IAM supports GET and POST requests for all actions" (IAM API Reference): what only reads is a GET. */
const read = (action: string, version: string, fields: Readonly<Record<string, string>> = {}) => ({
  Action: action,
  Version: version,
  ...fields,
});
const change = (action: string, { user }: User, fields: Readonly<Record<string, string>> = {}) => ({
  form: { Action: action, Version: IAM, UserName: userOf({ user }).name, ...fields },
});

/** Needs no permission, and cannot be denied. Source: AWS STS API Reference, GetCallerIdentity. */
const WHO: HttpRequest = { method: 'GET', path: '/', query: read('GetCallerIdentity', '2011-06-15') };

export const awsIam = declared({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  alone: { field: 'user', kind: 'IAM user' },
  account: (place: User) => `${userOf(place).account}/users/${userOf(place).name}`,
  id: /\w{16,128}/,
  dialect: DIALECT,
  safe: SAFE,
  parse: readXml,
  called: ({ query, body }) => String(query?.['Action'] ?? (body && 'form' in body && body.form['Action'])),
  asksAt: stsOf,
  sign: signatureOf,
  as: {
    signsWith: (admin) => admin.access_key,
    whose: WHO,
    own: (place) => Caller.refine(({ Account }) => Account === userOf(place).account),
    another: (place) => `AWS does not say that the admin key is of the account ${userOf(place).account}`,
  },
  create: {
    path: () => '/',
    body: ({ place }) => change('CreateAccessKey', place),
    made: MadeKey,
    entry: NewKey,
    told: 'answer',
    differs: (answer, { place }) =>
      answer.read(NewKey)?.owner === userOf(place).name ? undefined : 'another user',
  },
  list: {
    path: () => '/',
    query: ({ place }) => read('ListAccessKeys', IAM, { UserName: userOf(place).name }),
    answer: KeyPage,
    pages: cursor('Marker', NextPage),
  },
  revoke: {
    method: 'POST',
    path: () => '/',
    body: (id, { place }) => change('DeleteAccessKey', place, { AccessKeyId: id }),
    done: { status: 200, body: doneOf('DeleteAccessKey') },
    gone: [404],
    proof: 'answer',
  },
  toggle: {
    method: 'POST',
    path: () => '/',
    body: (wanted, _whole, id, { place }) =>
      change('UpdateAccessKey', place, {
        AccessKeyId: id,
        Status: wanted === 'active' ? 'Active' : 'Inactive',
      }),
    entry: { done: { status: 200, body: doneOf('UpdateAccessKey') } },
  },
  check: {
    path: () => '/',
    query: WHO.query ?? {},
    headers: () => ({}),
    verdicts: ({ place }) => verdictsFor(place),
  },
  identify: {
    by: 'list',
    match: (value, keys) => keys.find(({ id }) => value.reveal().startsWith(`${id}:`)),
  },
  examine: ({ access_key: key }) => [
    {
      request: WHO,
      signsWith: key,
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: Caller.transform(() => ({})),
          source: 'AWS STS API Reference, GetCallerIdentity',
        },
        ...REFUSED,
      ],
    },
  ],
  adminValues: ({ access_key: key }) => [key],
});
