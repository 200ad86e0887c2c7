import { isoSeconds } from './forms.ts';
import type { Call, Kept } from './minting-rules.ts';
import { asXml } from './xml.ts';

export const ACCOUNT = '111122223333';
export const IAM_XMLNS = 'https://iam.amazonaws.com/doc/2010-05-08/';
export const STS_XMLNS = 'https://sts.amazonaws.com/doc/2011-06-15/';
const REQUEST = '7a62c49f-347e-4fc4-9331-6e8eEXAMPLE';

/** A key as lists show it. */
export function shown({ id, account, createdAt, disabledAt }: Kept) {
  return {
    UserName: nameOf(account),
    AccessKeyId: id,
    Status: disabledAt === undefined ? 'Active' : 'Inactive',
    CreateDate: isoSeconds(createdAt),
  };
}

/** The answer of an action; one without a result says no more than that it was done. */
export function done(action: string, xmlns: string, result: object | undefined): Response {
  return asXml(200, {
    [`${action}Response`]: {
      '@xmlns': xmlns,
      ...(result && { [`${action}Result`]: result }),
      ResponseMetadata: { RequestId: REQUEST },
    },
  });
}

/** A refusal. */
export function failed({ host }: Call, status: number, code: string, message: string): Response {
  const xmlns = host.startsWith('sts.') ? STS_XMLNS : IAM_XMLNS;
  const error = { Type: 'Sender', Code: code, Message: message };
  return asXml(status, { ErrorResponse: { '@xmlns': xmlns, Error: error, RequestId: REQUEST } });
}

/** The ARN of the user that an account is. */
export function arnOf(account: string): string {
  return `arn:aws:iam::${ACCOUNT}:user/${nameOf(account)}`;
}

function nameOf(account: string): string {
  return account.slice(`${ACCOUNT}/users/`.length);
}

/** The host of STS beside one of IAM. */
export function stsOf(host: string): string {
  return host.replace(/^iam\./, 'sts.');
}
