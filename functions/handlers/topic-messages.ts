import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { lambdaLog } from '../adapters/log.ts';
import { AlarmNotice } from '../core/alerts/alarm.ts';
import { Notice } from '../core/alerts/notices.ts';
import { parseMessage } from './message.ts';
import { reported } from './report.ts';
import { workOff } from './sqs-batch.ts';

/** What comes over the topic for alerts: alerts and alarms share it. */
const Told = z.union([Notice, AlarmNotice]);

const LOG = lambdaLog();

/** What is done with either. */
export interface Hears<Ports> {
  readonly notice: (notice: Notice, ports: Ports) => Promise<void>;
  readonly alarm: (alarm: AlarmNotice, ports: Ports) => Promise<void>;
}

/** The handler of a function that hears, through a queue of its own, what came over the topic for alerts. */
export function toldBy<Ports>(setUp: () => Ports, { notice, alarm }: Hears<Ports>) {
  return (event: unknown): Promise<SQSBatchResponse> =>
    reported(LOG, async () => {
      const ports = setUp();
      return workOff(event, LOG, async ({ body }) => {
        const told = parseMessage(Told, body, 'alert of Keyturn and no alarm of CloudWatch');
        await ('AlarmName' in told ? alarm(told, ports) : notice(told, ports));
      });
    });
}
