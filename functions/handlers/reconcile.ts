import type { SQSBatchResponse } from 'aws-lambda';
import { snsClient } from '../adapters/aws-clients.ts';
import { snsSubscriptions } from '../adapters/sns-subscriptions.ts';
import { MINUTE } from '../core/time.ts';
import { examineAdmins } from '../use-cases/admins.ts';
import { hear } from '../use-cases/hear.ts';
import { noticeSecret, reconcile } from '../use-cases/reconcile.ts';
import { examineRoutes } from '../use-cases/routes.ts';
import { tellSilence } from '../use-cases/trail.ts';
import { inspectionsIn } from './issuer-limits.ts';
import { once, parseEnv } from './cold-start.ts';
import { forwardedIn, relabelledSecretIn } from './eventbridge-message.ts';
import { LOG, commandingPorts, timeLeftOf, type Invocation } from './ports.ts';
import { ReconcileEnv } from './reconcile.env.ts';
import { reported, requireNoneFailed } from './report.ts';
import { isSqsEvent, workOff } from './sqs-batch.ts';

const setUp = once(() => {
  const env = parseEnv(ReconcileEnv, process.env);
  return { limits: { every: env.RECONCILE_EVERY * MINUTE, inspectionsPerMinute: inspectionsIn(env.ISSUER_LIMITS) }, isTrailOn: env.TRAIL, routes: { topicArn: env.ALERT_TOPIC_ARN, routes: [...env.MAIL_ROUTES, ...env.QUEUE_ROUTES] }, ports: { ...commandingPorts(env), subscriptions: snsSubscriptions(snsClient()) } };
});

/** `reconcile`: a pass, or the next part of it, when a schedule calls, single secrets when Secrets Manager's events come through the queue. */
export function handler(event: unknown, context: Invocation): Promise<SQSBatchResponse | undefined> {
  return reported(LOG, async () => {
    const { limits, routes, isTrailOn, ports: common } = setUp();
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
    if (report.ended) await tellSilence(isTrailOn, ports);
    const isSeen = !report.ended || (await examineRoutes(routes, ports));
    requireNoneFailed(report.failed, 'secret', 'reconciled');
    requireNoneFailed(isSeen ? 0 : 1, 'topic', 'looked at');
    return undefined;
  });
}
