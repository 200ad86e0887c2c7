import * as z from 'zod';
import { signatureFault, signatureIn, signedHeaders } from './aws-signature.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';
import { ACCOUNT, IAM_XMLNS, STS_XMLNS, arnOf, done, failed, shown, stsOf } from './aws-iam-answers.ts';

const HOST = 'iam.keyturn.test';
const MOST_KEYS = 2;

const UserName = z.string().regex(/^[\w+=,.@-]{1,128}$/);
const AccessKeyId = z.string().regex(/^\w{16,128}$/);
const Common = { Action: z.string(), Version: z.literal('2010-05-08') };
/** What each action takes. Source: boto/botocore, iam/2010-05-08/service-2.json. */
const ACTIONS = {
  ListAccessKeys: z.strictObject({
    ...Common,
    UserName,
    Marker: z.string().min(1).max(320).optional(),
    MaxItems: z.coerce.number().int().min(1).max(1_000).optional(),
  }),
  CreateAccessKey: z.strictObject({ ...Common, UserName }),
  UpdateAccessKey: z.strictObject({
    ...Common,
    UserName,
    AccessKeyId,
    Status: z.enum(['Active', 'Inactive']),
  }),
  DeleteAccessKey: z.strictObject({ ...Common, UserName, AccessKeyId }),
};

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const RULES: MintingRules = {
  provider: 'aws-iam',
  host: HOST,
  otherHosts: (host) => [stsOf(host)],
  account: (index) => `${ACCOUNT}/users/robot${index}`,
  admin: (value) => ({ access_key: value }),
  grant: (account) => ({ user: arnOf(account) }),
  id: (_number, random) =>
    `AKIA${random(16).replace(/./g, (sign) => BASE32[sign.charCodeAt(0) % BASE32.length] ?? '')}`,
  value: (id, random) => `${id}:${random(40)}`,
  handle: ({ id }) => id,
  presented: ({ headers }) => signatureIn(headers)?.keyId,
  sent: (value) => value.split(':')[0] ?? '',
  byHand: { scopes: [] },
  stored: (value) => ({ access_key: value }),
  use: (value, now) => {
    const [keyId = '', secret = ''] = value.split(':');
    const path = '/?Action=GetCallerIdentity&Version=2011-06-15';
    return {
      host: stsOf(HOST),
      path,
      headers: signedHeaders({ keyId, secret }, { host: stsOf(HOST), path, now }),
    };
  },
  answer,
};

/**
 * AWS IAM as far as access keys of users go, and the one question to STS. The parameters: boto/botocore,
 * iam/2010-05-08/service-2.json. The answers: IAM and STS API References. The refusals: their common errors.
 */
export function awsIamSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const service = call.host.startsWith('sts.') ? 'sts' : 'iam';
  const refused = refusalOf(call, service);
  if (refused) return refused;
  if (call.path !== '/') return failed(call, 404, 'InvalidAction', 'There is no such path.');
  const fields = call.method === 'GET' ? Object.fromEntries(call.query) : Object(call.body);
  return service === 'sts' ? identity(call, fields) : managed(call, fields);
}

/** Who signs, and whether it is the signature of that key. */
function refusalOf(call: Call, service: 'iam' | 'sts'): Response | undefined {
  const { caller, headers } = call;
  const signature = signatureIn(headers);
  if (!signature)
    return failed(call, 403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
  if (caller.kind === 'unauthenticated' || caller.kind === 'disabled')
    return failed(
      call,
      403,
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    );
  const value = caller.kind === 'admin' ? caller.value : caller.credential.value;
  const fault = signatureFault(call, signature, {
    secret: value.split(':')[1] ?? '',
    region: 'us-east-1',
    service,
  });
  return fault === undefined ? undefined : failed(call, 403, 'SignatureDoesNotMatch', fault);
}

function identity(call: Call, { Action: action, Version: version }: Record<string, string>): Response {
  if (action !== 'GetCallerIdentity' || version !== '2011-06-15')
    return failed(call, 400, 'InvalidAction', 'Could not find operation for version');
  const { caller } = call;
  const account = caller.kind === 'credential' ? caller.credential.account : `${ACCOUNT}/users/keyturn`;
  return done('GetCallerIdentity', STS_XMLNS, {
    Arn: arnOf(account),
    UserId: 'AIDACKCEVSQ6C2EXAMPLE',
    Account: ACCOUNT,
  });
}

function managed(call: Call, fields: Record<string, string>): Response {
  const { caller, store } = call;
  const action = fields['Action'] ?? '';
  if (!isAction(action)) return failed(call, 400, 'InvalidAction', 'Could not find operation for version');
  const asked = ACTIONS[action].safeParse(fields);
  if (!asked.success) return failed(call, 400, 'ValidationError', 'A parameter is not valid.');
  if (caller.kind !== 'admin')
    return failed(call, 403, 'AccessDenied', `User is not authorized to perform: iam:${action}`);
  const user = asked.data.UserName;
  const account = `${ACCOUNT}/users/${user}`;
  if (!store.has(account))
    return failed(call, 404, 'NoSuchEntity', `The user with name ${user} cannot be found.`);
  switch (asked.data.Action) {
    case 'ListAccessKeys':
      return list(store.of(account), fields);
    case 'CreateAccessKey':
      return create(call, account);
    default:
      return changed(call, account, fields);
  }
}

/** One key a page, though a page may hold more: IAM may return fewer than asked for. */
function list(keys: readonly Kept[], { Marker: marker = '0' }: Record<string, string>): Response {
  const at = Number(marker);
  const isMore = at + 1 < keys.length;
  return done('ListAccessKeys', IAM_XMLNS, {
    IsTruncated: String(isMore),
    ...(isMore && { Marker: String(at + 1) }),
    AccessKeyMetadata: { member: keys.slice(at, at + 1).map((one) => shown(one)) },
  });
}

function create(call: Call, account: string): Response {
  const { store } = call;
  if (store.of(account).length >= MOST_KEYS)
    return failed(call, 409, 'LimitExceeded', 'Cannot exceed quota for AccessKeysPerUser: 2');
  const made = store.add(account, { name: '', scopes: [], expiresAt: undefined });
  const { CreateDate: date, ...key } = shown(made);
  const secret = made.value.split(':')[1] ?? '';
  return done('CreateAccessKey', IAM_XMLNS, {
    AccessKey: { ...key, SecretAccessKey: secret, CreateDate: date },
  });
}

function changed(call: Call, account: string, fields: Record<string, string>): Response {
  const { store } = call;
  const { Action: action = '', AccessKeyId: id, Status: status } = fields;
  const found = store.of(account).find((one) => one.id === id);
  if (!found) return failed(call, 404, 'NoSuchEntity', `The Access Key with id ${id} cannot be found.`);
  if (action === 'DeleteAccessKey') store.revoke(found);
  else store.disable(found, status === 'Inactive');
  return done(action, IAM_XMLNS, undefined);
}

function isAction(action: string): action is keyof typeof ACTIONS {
  return Object.keys(ACTIONS).includes(action);
}
