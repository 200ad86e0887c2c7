import { formatInstant } from '../../../../functions/core/basics/time.ts';
import type { World } from '../types.ts';
import type { SecretRecord } from './state.ts';

/**
 * The names of Secrets Manager's own entries in CloudTrail (user guide, "Secrets Manager events in
 * CloudTrail").
 */
export type ServiceEventName =
  | 'RotationStarted'
  | 'RotationSucceeded'
  | 'RotationFailed'
  | 'RotationAbandoned'
  | 'TestRotationStarted'
  | 'TestRotationSucceeded'
  | 'TestRotationFailed'
  | 'StartSecretVersionDelete'
  | 'CancelSecretVersionDelete'
  | 'EndSecretVersionDelete'
  | 'SecretVersionDeletion';

/**
 * The native event of a label that moved; none is sent for AWSPENDING and AWSPREVIOUS (user guide, "Secret
 * event notifications").
 */
export function emitLabelUpdated(world: World, secret: SecretRecord, label: string, versionId: string): void {
  if (label === 'AWSPENDING' || label === 'AWSPREVIOUS') return;
  world.emit({
    source: 'aws.secretsmanager',
    detailType: 'Secret Label Updated',
    resources: [secret.arn],
    detail: { name: secret.name, labelUpdated: label, versionId },
  });
}

/** An entry that Secrets Manager writes to CloudTrail itself. It reaches a bus only through a trail. */
export function emitServiceEvent(
  world: World,
  secret: SecretRecord,
  eventName: ServiceEventName,
  errorMessage?: string,
): void {
  const service = 'secretsmanager.amazonaws.com';
  world.emit({
    source: 'aws.secretsmanager',
    detailType: 'AWS Service Event via CloudTrail',
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: { accountId: world.account, invokedBy: service },
      eventTime: formatInstant(world.clock.now()),
      eventSource: service,
      eventName,
      awsRegion: world.region,
      sourceIPAddress: service,
      userAgent: service,
      ...(errorMessage !== undefined && { errorMessage }),
      requestParameters: null,
      responseElements: null,
      additionalEventData: { SecretId: secret.arn },
      requestID: eventName.includes('Rotation') ? `Rotation-${secret.arn}` : world.uuid(),
      eventID: world.uuid(),
      readOnly: false,
      eventType: 'AwsServiceEvent',
      managementEvent: true,
      recipientAccountId: world.account,
      eventCategory: 'Management',
    },
  });
}
