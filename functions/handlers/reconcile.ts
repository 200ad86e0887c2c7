import type { SQSBatchResponse } from 'aws-lambda';
import { examineAdmins } from '../use-cases/admins.ts';
import { hear } from '../use-cases/hear.ts';
import { noticeSecret, reconcile } from '../use-cases/reconcile.ts';
import { once, parseEnv } from './cold-start.ts';
import { forwardedIn, relabelledSecretIn } from './eventbridge-message.ts';
import { LOG, commandingPorts } from './ports.ts';
import { ReconcileEnv } from './reconcile.env.ts';
import { reported, requireNoneFailed } from './report.ts';
import { isSqsEvent, workOff } from './sqs-batch.ts';

const setUp = once(() => commandingPorts(parseEnv(ReconcileEnv, process.env)));

/** `reconcile`: a whole pass when a schedule calls, single secrets when Secrets Manager's events come through the queue. */
export function handler(event: unknown): Promise<SQSBatchResponse | undefined> {
  return reported(LOG, async () => {
    const ports = setUp();
    if (isSqsEvent(event))
      return workOff(event, LOG, async ({ body }) => {
        const forwarded = forwardedIn(body, ports.installation);
        const secretArn = forwarded ? undefined : relabelledSecretIn(body);
        if (forwarded) await hear(forwarded, ports);
        if (secretArn !== undefined) await noticeSecret(secretArn, ports);
      });
    const report = await reconcile(ports);
    LOG.info('reconciled', { ...report });
    await examineAdmins(ports);
    requireNoneFailed(report.failed, 'secret', 'reconciled');
    return undefined;
  });
}
