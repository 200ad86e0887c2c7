import { AwsError } from '../errors.ts';
import type { Kms } from '../kms.ts';
import { callerId } from '../sts.ts';
import type { Check, World } from '../types.ts';
import { Mapping, type MappingSettings } from './mapping.ts';
import { sqsOperations } from './operations.ts';
import { Queue } from './queue.ts';
import type { Sqs } from './service.ts';

export interface SqsOptions {
  readonly kms: Kms;
  /** What queue URLs begin with, without a slash at the end. */
  readonly urlBase: string;
}

export function createSqs(world: World, options: SqsOptions): Sqs {
  const queues = new Map<string, Queue>();
  const mappings: MappingSettings[] = [];
  const nameOf = (text: string): string => text.split(/[:/]/).at(-1) ?? '';
  const arnOf = (name: string): string => `arn:aws:sqs:${world.region}:${world.account}:${name}`;
  const urlOf = (name: string): string => `${options.urlBase}/${world.account}/${name}`;
  const queue = (text: string): Queue => {
    const found = queues.get(nameOf(text));
    if (!found)
      throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.', 400, {
        queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
      });
    return found;
  };
  const checks = (text: string, action: string): Check[] => {
    const settings = queues.get(nameOf(text))?.settings;
    const arn = arnOf(nameOf(text));
    const needed: Record<string, string[]> = {
      'sqs:SendMessage': ['kms:GenerateDataKey', 'kms:Decrypt'],
      'sqs:ReceiveMessage': ['kms:Decrypt'],
    };
    const keys = options.kms.checks(settings?.kmsKeyId, needed[action] ?? [], {
      'kms:EncryptionContext:aws:sqs:arn': arn,
      'kms:ViaService': `sqs.${world.region}.amazonaws.com`,
    });
    return [{ action, resource: arn, resourcePolicy: settings?.policy }, ...keys];
  };
  const deadLetter = (arn: string, message: Parameters<Queue['put']>[0]): void =>
    void queues.get(nameOf(arn))?.put(message);
  const sqs: Sqs = {
    service: new Map(),
    add: (settings) => {
      queues.set(
        settings.name,
        new Queue(settings, { arn: arnOf(settings.name), clock: world.clock, uuid: world.uuid, deadLetter }),
      );
      return urlOf(settings.name);
    },
    addMapping: (settings) => {
      mappings.push(settings);
      void new Mapping(world, queue(settings.queueArn), settings);
    },
    mappings,
    names: () => [...queues.keys()],
    arnOf,
    urlOf,
    queue,
    checks,
    deliver: (principal, arn, message) => {
      for (const check of checks(arn, 'sqs:SendMessage')) world.authorize(principal, check);
      queue(arn).send({ ...message, senderId: callerId(principal, world.account) });
    },
  };
  return { ...sqs, service: new Map(sqsOperations(world, sqs)) };
}
