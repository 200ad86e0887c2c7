import type { SQSBatchResponse } from 'aws-lambda';
import { MINUTE } from '../core/time.ts';
import { examineAdmins } from '../use-cases/admins.ts';
import { hear } from '../use-cases/hear.ts';
import { noticeSecret, reconcile } from '../use-cases/reconcile.ts';
import { inspectionsIn } from './issuer-limits.ts';
import { once, parseEnv } from './cold-start.ts';
import { forwardedIn, relabelledSecretIn } from './eventbridge-message.ts';
import { LOG, commandingPorts, timeLeftOf, type Invocation } from './ports.ts';
import { ReconcileEnv } from './reconcile.env.ts';
import { reported, requireNoneFailed } from './report.ts';
import { isSqsEvent, workOff } from './sqs-batch.ts';

const setUp = once(() => {
  const env = parseEnv(ReconcileEnv, process.env);
  return { limits: { every: env.RECONCILE_EVERY * MINUTE, inspectionsPerMinute: inspectionsIn(env.ISSUER_LIMITS) }, ports: commandingPorts(env) };
});

/** `reconcile`: a pass, or the next part of it, when a schedule calls, single secrets when Secrets Manager's events come through the queue. */
export function handler(event: unknown, context: Invocation): Promise<SQSBatchResponse | undefined> {
  return reported(LOG, async () => {
    const { limits, ports: common } = setUp();
    const ports = { ...common, ...timeLeftOf(context) };
    if (isSqsEvent(event))
      return workOff(event, LOG, async ({ body }) => {
        const forwarded = forwardedIn(body, ports.installation);
        const secretArn = forwarded ? undefined : relabelledSecretIn(body);
        if (forwarded) await hear(forwarded, ports);
        if (secretArn !== undefined) await noticeSecret(secretArn, ports);
      });
    const report = await reconcile(limits, ports);
    if (!report) return undefined;
    LOG.info('reconciled', { ...report });
    if (report.ended) await examineAdmins(ports);
    requireNoneFailed(report.failed, 'secret', 'reconciled');
    return undefined;
  });
}
