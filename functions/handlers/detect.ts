import type { SQSBatchResponse } from 'aws-lambda';
import { TrailEvent } from '../core/detection/trail-event.ts';
import { detect, type Surroundings } from '../use-cases/detection/judge-trail-events.ts';
import type { DetectPorts } from '../use-cases/detection/write-judgement.ts';
import { SecretNames } from '../use-cases/detection/secret-names.ts';
import { once, parseEnv } from './cold-start.ts';
import { DetectEnv } from './detect.env.ts';
import { parseMessage } from './message.ts';
import { LOG, commonPorts } from './ports.ts';
import { reported } from './report.ts';
import { workOffTogether } from './sqs-batch.ts';

const setUp = once((): { around: Surroundings; ports: DetectPorts } => {
  const env = parseEnv(DetectEnv, process.env);
  const ports = commonPorts(env);
  return { ports, around: { names: new SecretNames(ports), rolePath: env.ROLE_PATH, keys: env.KEYS } };
});

/** `detect`: events of CloudTrail through a queue, many at once. */
export function handler(event: unknown): Promise<SQSBatchResponse> {
  return reported(LOG, async () => {
    const { around, ports } = setUp();
    return workOffTogether(event, LOG, {
      read: (body) => parseMessage(TrailEvent, body, 'event of CloudTrail'),
      work: async (events) => {
        const { failed, ...report } = await detect(events, around, ports);
        LOG.info('judged', { ...report, failed: failed.size });
        return failed;
      },
    });
  });
}
