import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Access keys of an IAM user. Source: IAM API Reference and User Guide. */
export const descriptor: ProviderDescriptor = {
  id: 'aws-iam',
  title: 'AWS IAM access keys',
  rotates: 'Access keys of an IAM user.',
  // Source: IAM User Guide, "IAM and AWS STS quotas", access keys assigned to an IAM user; "Managing access
  // keys": one that is inactive counts.
  slots: { count: 2, of: ['user'], filledBy: ['disabled'] },
  value: 'issuer',
  // A key has no name.
  found: 'exclusive',
  // Both parts, as `curl --user` takes them with `--aws-sigv4`: the one is of no use without the other.
  valueField: 'access_key',
  // By the id, which is its first part, and by a request that it signs.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // GetAccessKeyLastUsed is there. How late it may be stands nowhere, so it is no evidence.
  // `Status` of UpdateAccessKey.
  disables: true,
  // "IAM is eventually consistent", and AWS names no time.
  lags: { allowed: MINUTE },
  // A request that it signs is a use.
  check: 'counts-as-use',
  concurrency: 2,
  pattern: /AKIA[A-Z2-7]{16}:[A-Za-z0-9+/]{40}/,
  hosts: [
    'iam.amazonaws.com',
    'sts.amazonaws.com',
    'iam.us-gov.amazonaws.com',
    'sts.us-gov-west-1.amazonaws.com',
    'iam.cn-north-1.amazonaws.com.cn',
    'sts.cn-north-1.amazonaws.com.cn',
  ],
  docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html',
  admin: {
    example: {
      url: 'https://iam.amazonaws.com',
      access_key: '<access key id>:<secret access key>',
      grants: [{ secret: 'ci/aws', user: 'arn:aws:iam::111122223333:user/ci-deploy' }],
    },
    leastRights:
      'An access key of an IAM user that may call iam:ListAccessKeys, iam:CreateAccessKey, ' +
      'iam:UpdateAccessKey and iam:DeleteAccessKey on the users in the grants, and nothing else. It ' +
      'reaches the users of its own AWS account alone.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'First see whether a role will do: temporary credentials need no rotation.',
    'Create an IAM user for each purpose, without console access, and let Keyturn alone make its keys.',
    'Leave one of its two slots free. A key that is inactive takes one too.',
    'Store a key as its id, a colon and its secret. Consumers split it at the colon into the access key id ' +
      'and the secret access key.',
    'Report a leaked key to Keyturn in this form too: the secret alone is not known to be one of its values.',
    'Keyturn checks a key at AWS STS. Where you list allowed hosts, list those of IAM and STS.',
    'Do not grant the user of the admin key itself: with two slots it could not prove its successor. A ' +
      'person replaces that key.',
  ],
  evidence: {
    verified:
      "the vendor's specification: boto/botocore 0e6e2404, botocore/data/iam/2010-05-08/service-2.json, on " +
      '2026-11-29; the check of a key, and the words of refusals, are in the documentation alone',
    sources: [
      'boto/botocore 0e6e2404: botocore/data/iam/2010-05-08/service-2.json',
      'docs.aws.amazon.com, IAM API Reference: CreateAccessKey, ListAccessKeys, UpdateAccessKey, ' +
        'DeleteAccessKey, Making query requests',
      'docs.aws.amazon.com, AWS STS API Reference: GetCallerIdentity, Common Errors',
      'docs.aws.amazon.com, IAM User Guide: IAM and AWS STS quotas, Managing access keys, ' +
        'Troubleshooting IAM (eventual consistency)',
      'repost.aws, knowledge center: the words in which a deleted or inactive key is refused',
    ],
    unconfirmed: [
      'How long a new, changed or deleted key takes until it is known everywhere: AWS names no time.',
      'How late the last use may be that GetAccessKeyLastUsed tells, so it is no evidence here.',
      'A key of one partition, such as China, is refused in another as one that never was.',
      'A key that is refused for its signature may have a wrong secret, or the clocks differ: it is unknown.',
    ],
  },
};
