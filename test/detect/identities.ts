import { HOME, sessionOf } from './events.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The host and path of an EKS cluster's OIDC issuer. */
const CLUSTER = 'oidc.eks.eu-west-1.amazonaws.com/id/0123';
const SSO = 'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Token_Readers_0123456789abcdef';

/**
 * A function's session: CloudTrail names the function in `inScopeOf.credentialsIssuedTo`, and of late its
 * version too.
 */
export function functionOf(
  name: string,
  change: { role?: string; region?: string; version?: string } = {},
): Fields {
  const arn = `arn:aws:lambda:${change.region ?? HOME.region}:${HOME.account}:function:${name}`;
  const version =
    change.version === undefined ? {} : { credentialsIssuedToVersion: `${arn}:${change.version}` };
  return {
    ...sessionOf(change.role ?? 'service-role/shared', name),
    inScopeOf: { issuerType: 'AWS::Lambda::Function', credentialsIssuedTo: arn, ...version },
  };
}

/** A person behind a permission set of IAM Identity Center. */
export function personOf(name: string, change: { role?: string; userId?: string } = {}): Fields {
  const session = sessionOf(change.role ?? SSO, name);
  const onBehalfOf = {
    userId: change.userId,
    identityStoreArn: `arn:aws:identitystore::${HOME.account}:identitystore/d-0123456789`,
  };
  return change.userId === undefined
    ? session
    : { ...session, onBehalfOf, credentialId: 'EXAMPLEVHULjJdTUdPJfofVa1sufHDoj7aYcOYcxFVllWR_Whr1fEXAMPLE' };
}

/** A session of a role with something more in its context. */
export function sessionWith(role: string, context: Fields, session = 'i-0a1b2c'): Fields {
  const known = sessionOf(role, session);
  const before = known['sessionContext'];
  return { ...known, sessionContext: { ...(typeof before === 'object' ? before : {}), ...context } };
}

/**
 * Every kind of identity that CloudTrail documents, in the form in which it is recorded, and the name that it
 * has here. Sources: AWS CloudTrail User Guide, "userIdentity element"; IAM User Guide, "Logging IAM and AWS
 * STS API calls with AWS CloudTrail"; recorded events of Lambda functions.
 */
export const IDENTITIES: readonly (readonly [what: string, identity: Fields, principal: string])[] = [
  ['function', functionOf('report'), 'lambda/report'],
  ['function with its version', functionOf('report', { version: '$LATEST' }), 'lambda/report'],
  ['function of another Region', functionOf('report', { region: 'us-east-1' }), 'lambda/us-east-1/report'],
  [
    'instance',
    {
      ...sessionWith('app/web', { ec2RoleDelivery: '2.0' }),
      inScopeOf: {
        issuerType: 'AWS::EC2::Instance',
        credentialsIssuedTo: `arn:aws:ec2:eu-west-1:${HOME.account}:instance/i-0a1b2c`,
      },
    },
    'role/app/web',
  ],
  [
    'task of ECS',
    {
      ...sessionOf('worker', '0123456789abcdef0123456789abcdef'),
      inScopeOf: {
        sourceArn: `arn:aws:ecs:eu-west-1:${HOME.account}:task/main/0123456789abcdef`,
        sourceAccount: HOME.account,
      },
    },
    'role/worker',
  ],
  [
    'pod by IRSA',
    sessionWith(
      'eks/billing',
      {
        webIdFederationData: {
          federatedProvider: `arn:aws:iam::${HOME.account}:oidc-provider/${CLUSTER}`,
          attributes: {},
        },
      },
      'botocore-session-1700000000',
    ),
    'role/eks/billing',
  ],
  [
    'role without its issuer',
    {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:s',
      arn: `arn:aws:sts::${HOME.account}:assumed-role/web/i-1`,
      accountId: HOME.account,
      accessKeyId: '',
    },
    'role/web',
  ],
  [
    'role for another service',
    { ...sessionOf('deploy', 'AWSCloudFormation'), invokedBy: 'cloudformation.amazonaws.com' },
    'role/deploy',
  ],
  ['person, permission set', personOf('anna@example.com'), 'sso/Token_Readers/anna@example.com'],
  [
    'person, permission set of the first Region',
    personOf('anna@example.com', {
      role: 'aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_fedcba9876543210',
    }),
    'sso/Admin/anna@example.com',
  ],
  [
    'person with the id of the directory',
    personOf('anna@example.com', { userId: '544894e8-80c1-707f-60e3-3ba6510dfac1' }),
    'sso/Token_Readers/anna@example.com/544894e8-80c1-707f-60e3-3ba6510dfac1',
  ],
  [
    'session on behalf of a person',
    {
      ...sessionOf('app/notebooks', 'job-1'),
      onBehalfOf: { userId: '544894e8-80c1-707f-60e3-3ba6510dfac1' },
    },
    'role/app/notebooks:544894e8-80c1-707f-60e3-3ba6510dfac1',
  ],
  [
    'person by a source identity',
    sessionWith('people/admin', { sourceIdentity: 'anna' }),
    'role/people/admin:anna',
  ],
  [
    'person of the directory alone',
    {
      type: 'IdentityCenterUser',
      accountId: HOME.account,
      onBehalfOf: { userId: '544894e8-80c1-707f-60e3-3ba6510dfac1', identityStoreArn: 'x' },
      credentialId: 'y',
    },
    'sso/544894e8-80c1-707f-60e3-3ba6510dfac1',
  ],
  [
    'user',
    {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE',
      arn: `arn:aws:iam::${HOME.account}:user/ops/anna`,
      accountId: HOME.account,
      accessKeyId: 'AKIAEXAMPLE',
      userName: 'anna',
    },
    'user/ops/anna',
  ],
  [
    'user with a session',
    {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE',
      arn: `arn:aws:iam::${HOME.account}:user/anna`,
      accountId: HOME.account,
      userName: 'anna',
      sessionContext: {
        sessionIssuer: {},
        webIdFederationData: {},
        attributes: { mfaAuthenticated: 'true' },
      },
    },
    'user/anna',
  ],
  ['user without an ARN', { type: 'IAMUser', accountId: HOME.account, userName: 'anna' }, 'user/anna'],
  [
    'federated user',
    {
      type: 'FederatedUser',
      principalId: `${HOME.account}:bob`,
      arn: `arn:aws:sts::${HOME.account}:federated-user/bob`,
      accountId: HOME.account,
      sessionContext: {
        sessionIssuer: {
          type: 'IAMUser',
          principalId: 'AIDAEXAMPLE',
          arn: `arn:aws:iam::${HOME.account}:user/broker`,
          accountId: HOME.account,
          userName: 'broker',
        },
      },
    },
    'user/broker:bob',
  ],
  [
    'root',
    {
      type: 'Root',
      principalId: HOME.account,
      arn: `arn:aws:iam::${HOME.account}:root`,
      accountId: HOME.account,
      accessKeyId: '',
    },
    'root',
  ],
  ['root without an ARN', { type: 'Root', accountId: HOME.account }, 'root'],
  ['service', { type: 'AWSService', invokedBy: 'ecs-tasks.amazonaws.com' }, 'aws/ecs-tasks.amazonaws.com'],
  [
    'web identity',
    {
      type: 'WebIdentityUser',
      principalId: 'accounts.google.com:app.apps.googleusercontent.com:user-1',
      userName: 'user-1',
      identityProvider: 'accounts.google.com',
    },
    'web/accounts.google.com/user-1',
  ],
  [
    'SAML identity',
    {
      type: 'SAMLUser',
      principalId: 'SampleUkh1i4=:anna',
      userName: 'anna',
      identityProvider: 'SampleUkh1i4=',
    },
    'saml/SampleUkh1i4=/anna',
  ],
  ['role of another account', sessionOf('reader', 's', '444455556666'), '444455556666:role/reader'],
  [
    'another account by id',
    { type: 'AWSAccount', principalId: 'AROAEXAMPLE:session', accountId: '444455556666' },
    '444455556666:AROAEXAMPLE',
  ],
  [
    'another account and no more',
    { type: 'AWSAccount', accountId: '444455556666' },
    '444455556666:AWSAccount',
  ],
  ['unknown', { type: 'Unknown' }, 'Unknown'],
  ['nothing', {}, 'unknown'],
];
