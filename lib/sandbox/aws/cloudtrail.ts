import { createHash } from 'node:crypto';
import { formatInstant } from '../../../functions/core/basics/time.ts';
import { isFields } from './patterns.ts';
import type { BusEvent, Principal, TrailedCall, World } from './types.ts';

export const CALL_BY_TRAIL = 'AWS API Call via CloudTrail';
/** The services whose calls the sandbox tells: those that a rule may ask for. */
const TOLD: ReadonlySet<string> = new Set(['secretsmanager', 'kms']);
/**
 * What of an input CloudTrail shows. It never shows a secret's value (Secrets Manager User Guide, "Log AWS
 * Secrets Manager events with AWS CloudTrail"), so what may is listed.
 */
const SHOWN: readonly string[] = [
  'Description',
  'Tags',
  'VersionStages',
  'KmsKeyId',
  'ResourcePolicy',
  'BlockPublicPolicy',
  'AddReplicaRegions',
  'RemoveReplicaRegions',
  'ForceOverwriteReplicaSecret',
  'Filters',
  'MaxResults',
  'PendingWindowInDays',
  'SecretId',
  'SecretIdList',
  'Name',
  'VersionId',
  'VersionStage',
  'ClientRequestToken',
  'RotationLambdaARN',
  'RotateImmediately',
  'MoveToVersionId',
  'RemoveFromVersionId',
  'RecoveryWindowInDays',
  'ForceDeleteWithoutRecovery',
  'TagKeys',
  'KeyId',
];
/** What of the answer to a change it shows, by the names in recorded events. Reads have none. */
const ANSWERED: Readonly<Record<string, string>> = {
  ARN: 'arn',
  Name: 'name',
  VersionId: 'versionId',
  DeletionDate: 'deletionDate',
};
const READ_ONLY = /^(BatchGet|Get|List|Describe)/;
/** Where calls come from, and with what, unless their principal says so. */
const USUAL = { address: '203.0.113.10', agent: 'aws-sdk-js/3 sandbox' };

/**
 * The event of a call, in the shape of CloudTrail's own (CloudTrail User Guide, "CloudTrail record
 * contents"); undefined for a service that the sandbox does not tell of. Real ones come minutes later.
 */
export function callEvent(
  world: Pick<World, 'account' | 'region' | 'clock' | 'uuid'>,
  call: TrailedCall,
): BusEvent | undefined {
  if (!TOLD.has(call.service)) return undefined;
  const { principal } = call;
  const from = principal.kind === 'role' ? (principal.from ?? USUAL) : USUAL;
  const isService = principal.kind === 'service';
  const at = formatInstant(world.clock.now());
  return {
    source: `aws.${call.service}`,
    detailType: CALL_BY_TRAIL,
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: identityOf(principal, world.account, at),
      eventTime: at,
      eventSource: `${call.service}.amazonaws.com`,
      eventName: call.operation,
      awsRegion: world.region,
      sourceIPAddress: isService ? principal.service : from.address,
      userAgent: isService ? principal.service : from.agent,
      ...(call.errorCode !== undefined && {
        errorCode: call.errorCode === 'AccessDeniedException' ? 'AccessDenied' : call.errorCode,
      }),
      ...(call.errorMessage !== undefined && { errorMessage: call.errorMessage }),
      requestParameters: parametersOf(call.input),
      responseElements:
        call.errorCode === undefined && !READ_ONLY.test(call.operation) ? answerOf(call.output) : null,
      requestID: world.uuid(),
      eventID: world.uuid(),
      readOnly: READ_ONLY.test(call.operation),
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: world.account,
      eventCategory: 'Management',
    },
  };
}

function parametersOf(input: unknown): object | null {
  if (!isFields(input)) return null;
  const shown = SHOWN.flatMap((name) =>
    Object.hasOwn(input, name) ? [[camel(name), camelled(input[name])] as const] : [],
  );
  return Object.fromEntries(shown);
}

/** Names within lists and objects are told like the others. */
function camelled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelled);
  return isFields(value)
    ? Object.fromEntries(Object.entries(value).map(([name, part]) => [camel(name), camelled(part)]))
    : value;
}

function answerOf(output: unknown): object | null {
  if (!isFields(output)) return null;
  const shown = Object.entries(ANSWERED).flatMap(([name, told]) =>
    Object.hasOwn(output, name)
      ? [[told, told === 'deletionDate' ? dateOf(output[name]) : output[name]] as const]
      : [],
  );
  return shown.length === 0 ? null : Object.fromEntries(shown);
}

/** As in recorded events: `May 3, 2018, 5:51:02 PM`. */
function dateOf(seconds: unknown): string | undefined {
  return typeof seconds === 'number'
    ? new Date(seconds * 1_000)
        .toLocaleString('en-US', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })
        .replaceAll('\u202f', ' ')
    : undefined;
}

function camel(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

/** Sessions are as old as the call: the sandbox does not keep when a role was assumed. */
function identityOf(principal: Principal, account: string, at: string): object {
  switch (principal.kind) {
    case 'root':
      return { type: 'Root', principalId: account, arn: `arn:aws:iam::${account}:root`, accountId: account };
    case 'service':
      return { type: 'AWSService', invokedBy: principal.service };
    case 'role': {
      const role = principal.name.split('/').at(-1) ?? principal.name;
      const digest = createHash('sha256').update(principal.name).digest('hex');
      const id = `AROA${digest.slice(0, 17).toUpperCase()}`;
      const sessionIssuer = {
        type: 'Role',
        principalId: id,
        arn: `arn:aws:iam::${account}:role/${principal.name}`,
        accountId: account,
        userName: role,
      };
      const sessionContext = { sessionIssuer, attributes: { creationDate: at, mfaAuthenticated: 'false' } };
      const session = {
        type: 'AssumedRole',
        principalId: `${id}:${principal.session}`,
        arn: `arn:aws:sts::${account}:assumed-role/${role}/${principal.session}`,
        accountId: account,
        accessKeyId: '',
        sessionContext,
      };
      return principal.issuedTo === undefined
        ? session
        : {
            ...session,
            inScopeOf: { issuerType: 'AWS::Lambda::Function', credentialsIssuedTo: principal.issuedTo },
          };
    }
  }
}
