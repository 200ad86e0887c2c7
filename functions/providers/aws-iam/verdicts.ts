import * as z from 'zod';
import { whose } from '../declared/whose.ts';
import { STANDARD_DIALECT, type Dialect } from '../dialect.ts';
import type { SafeReason } from '../safe-reasons.ts';
import type { Verdict } from '../verdicts.ts';
import { Caller, refusedAs, type User } from './schema.ts';
import { readXml } from './xml.ts';

const STS_ERRORS = 'AWS STS API Reference, Common Errors; repost.aws, knowledge center';

/**
 * A key that is deleted, inactive or made up. Not listed, so unknown: a wrong signature, which is said of a
 * clock that is wrong too.
 */
export const REFUSED: readonly Verdict[] = [
  {
    outcome: 'inactive',
    status: 403,
    body: refusedAs('InvalidClientTokenId', /^The security token included in the request is invalid\.?$/),
    source: STS_ERRORS,
  },
  {
    outcome: 'unknown',
    status: 403,
    body: refusedAs('SignatureDoesNotMatch', /./).transform(
      () => 'AWS finds the signature wrong: the secret is not the one of this key id, or the clocks differ.',
    ),
    source: STS_ERRORS,
  },
];

/** What STS says of who signed. */
export function verdictsFor({ user }: User): readonly Verdict[] {
  return [
    ...whose(Caller, ({ Arn }) => Arn === user, {
      another: `AWS takes this key for one of another identity than ${user}.`,
      source: 'AWS STS API Reference, GetCallerIdentity',
    }),
    ...REFUSED,
  ];
}

const THROTTLED = z.object({
  ErrorResponse: z.object({
    Error: z.object({ Code: z.enum(['Throttling', 'ThrottlingException', 'RequestLimitExceeded']) }),
  }),
});

/** Source: IAM API Reference, Common Errors: status 400, and the code in the body. */
export const DIALECT: Dialect = {
  isThrottled: (status, headers, text) =>
    STANDARD_DIALECT.isThrottled(status, headers, text) ||
    (status === 400 && THROTTLED.safeParse(readXml(text)).success),
  retryAfter: (headers, now) => STANDARD_DIALECT.retryAfter(headers, now),
};

const ERRORS = 'botocore/data/iam/2010-05-08/service-2.json';
export const SAFE: readonly SafeReason[] = [
  {
    status: 409,
    pattern: /<Code>LimitExceeded<\/Code>/,
    says: 'the user has two access keys, active or not: delete one that is not in use',
    source: ERRORS,
  },
  {
    status: 404,
    pattern: /<Code>NoSuchEntity<\/Code>/,
    says: 'IAM knows no such user, or no such key of the user',
    source: ERRORS,
  },
  {
    status: 403,
    pattern: /<Code>AccessDenied<\/Code>/,
    says: 'the policy of the admin key does not allow this on this user',
    source: 'IAM API Reference, Common Errors',
  },
  {
    status: 403,
    pattern: /<Code>InvalidClientTokenId<\/Code>/,
    says: 'the admin key is deleted or inactive, or is of another partition',
    source: STS_ERRORS,
  },
];
