import { TrailEvent } from '../../functions/core/detection/trail-event.ts';
import type { Home } from '../../functions/core/detection/principal.ts';
import { accessesIn, type Access } from '../../functions/core/detection/access.ts';

export const HOME: Home = {
  account: '111122223333',
  region: 'eu-west-1',
  rolePath: '/keyturn/main/eu-west-1/sealers/',
};
export const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/billing/ci-AbC123';

type Fields = Readonly<Record<string, unknown>>;

/** A session of a role, as CloudTrail shows it. */
export function sessionOf(role: string, session = 'i-0a1b2c', account = HOME.account): Fields {
  const name = role.split('/').at(-1) ?? role;
  return {
    type: 'AssumedRole',
    principalId: `AROA${name.toUpperCase()}:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
    accountId: account,
    accessKeyId: 'ASIAEXAMPLE',
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: `AROA${name.toUpperCase()}`,
        arn: `arn:aws:iam::${account}:role/${role}`,
        accountId: account,
        userName: name,
      },
      attributes: { creationDate: '2026-01-05T09:00:00Z', mfaAuthenticated: 'false' },
    },
  };
}

let serial = 0;

/**
 * An event as EventBridge delivers it. The shape is that of a real one, from the detonation logs of
 * DataDog/stratus-red-team (aws.credential-access.secretsmanager-retrieve-secrets), eventVersion 1.09.
 */
export function rawEvent(change: Fields = {}): Fields {
  const eventName = change['eventName'] ?? 'GetSecretValue';
  return {
    version: '0',
    id: 'b3e1b7a0-0000-4000-8000-000000000000',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.secretsmanager',
    account: HOME.account,
    region: HOME.region,
    resources: [],
    detail: {
      eventVersion: '1.09',
      userIdentity: sessionOf('app/web'),
      eventTime: '2026-01-05T09:00:00Z',
      eventSource: 'secretsmanager.amazonaws.com',
      eventName,
      awsRegion: HOME.region,
      sourceIPAddress: '203.0.113.7',
      userAgent: 'aws-sdk-js/3.700.0 ua/2.1 os/linux lang/js#22.1 api/secrets-manager#3.700.0',
      requestParameters: { secretId: ARN },
      responseElements: null,
      requestID: '0b3dd7a1-0000-4000-8000-000000000000',
      eventID: `event-${serial++}`,
      readOnly: true,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: HOME.account,
      eventCategory: 'Management',
      tlsDetails: {
        tlsVersion: 'TLSv1.3',
        cipherSuite: 'TLS_AES_128_GCM_SHA256',
        clientProvidedHostHeader: 'secretsmanager.eu-west-1.amazonaws.com',
      },
      ...change,
    },
  };
}

/** What an event tells. */
export function accesses(change: Fields = {}): Access[] {
  return accessesIn(TrailEvent.parse(rawEvent(change)), HOME);
}

/** One read without the detour over an event. */
export function aRead(change: Partial<Access> = {}): Access {
  return {
    id: `read-${serial++}`,
    at: Date.UTC(2026, 0, 5, 9),
    deed: 'read',
    isDenied: false,
    target: ARN,
    principal: 'role/app/web',
    role: undefined,
    isForeign: false,
    isRoot: false,
    isOwn: false,
    network: '203.0.0.0/16',
    region: HOME.region,
    agent: 'aws-sdk-js',
    versionId: undefined,
    stage: undefined,
    changes: [],
    rotationFunction: undefined,
    isForced: false,
    ...change,
  };
}
