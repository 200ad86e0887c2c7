import type { SQSBatchResponse } from 'aws-lambda';
import { eventbridgeClient, snsClient } from '../adapters/aws-clients.ts';
import { eventbridgeCanaries } from '../adapters/eventbridge-bus.ts';
import { heartbeat } from '../adapters/metrics.ts';
import { snsSubscriptions } from '../adapters/sns-subscriptions.ts';
import { MINUTE } from '../core/basics/time.ts';
import { examineAdmins } from '../use-cases/schedules/admin-credentials.ts';
import { noteCanary, tendCanary } from '../use-cases/alerts/canary.ts';
import { hear } from '../use-cases/inventory/upstream-events.ts';
import { noticeSecret } from '../use-cases/schedules/notice-secret.ts';
import { reconcile } from '../use-cases/schedules/reconcile.ts';
import { examineRoutes } from '../use-cases/alerts/routes.ts';
import { tellSilence } from '../use-cases/inventory/trail-health.ts';
import { inspectionsIn } from './issuer-limits.ts';
import { once, parseEnv } from './cold-start.ts';
import { canaryIn, forwardedIn, relabelledSecretIn } from './eventbridge-message.ts';
import { LOG, commandingPorts, timeLeftOf, type Invocation } from './ports.ts';
import { ReconcileEnv } from './reconcile.env.ts';
import { reported, requireNoneFailed } from './report.ts';
import { isSqsEvent, workOff } from './sqs-batch.ts';

const setUp = once(() => {
  const env = parseEnv(ReconcileEnv, process.env);
  return {
    limits: { every: env.RECONCILE_EVERY * MINUTE, inspectionsPerMinute: inspectionsIn(env.ISSUER_LIMITS) },
    isTrailOn: env.TRAIL,
    routes: { topicArn: env.ALERT_TOPIC_ARN, routes: [...env.MAIL_ROUTES, ...env.QUEUE_ROUTES] },
    finished: heartbeat(env.KEYTURN_INSTALLATION),
    ports: {
      ...commandingPorts(env),
      subscriptions: snsSubscriptions(snsClient()),
      canaries: eventbridgeCanaries(eventbridgeClient(), env.BUS_NAME),
    },
  };
});
type Setting = ReturnType<typeof setUp>;
type RunPorts = Setting['ports'] & ReturnType<typeof timeLeftOf>;

/**
 * `reconcile`: a pass, or the next part of it, when a schedule calls; what came through the queue, which is
 * single secrets by Secrets Manager's events, what other installations say, and canaries.
 */
export function handler(event: unknown, context: Invocation): Promise<SQSBatchResponse | undefined> {
  return reported(LOG, async () => {
    const setting = setUp();
    const ports = { ...setting.ports, ...timeLeftOf(context) };
    if (isSqsEvent(event)) return workOff(event, LOG, ({ body }) => heed(body, ports));
    const [passed] = await Promise.allSettled([pass(setting, ports)]);
    // Also after a failed pass: its alert may reach no person.
    const way = await tendCanary(ports);
    if (way === 'open') setting.finished('canary');
    if (passed.status === 'rejected') throw passed.reason;
    requireNoneFailed(way === 'unknown' ? 1 : 0, 'canary', 'looked after');
    return undefined;
  });
}

async function heed(body: string, ports: RunPorts): Promise<void> {
  const canary = canaryIn(body);
  if (canary) return noteCanary(canary.id, ports);
  const forwarded = forwardedIn(body, ports.installation);
  if (forwarded) return hear(forwarded, ports);
  const secretArn = relabelledSecretIn(body);
  if (secretArn !== undefined) await noticeSecret(secretArn, ports);
}

async function pass({ limits, routes, isTrailOn }: Setting, ports: RunPorts): Promise<void> {
  const report = await reconcile(limits, ports);
  if (!report) return;
  LOG.info('reconciled', { ...report });
  if (report.ended) await examineAdmins(ports);
  if (report.ended) await tellSilence(isTrailOn, ports);
  const isSeen = !report.ended || (await examineRoutes(routes, ports));
  requireNoneFailed(report.failed, 'secret', 'reconciled');
  requireNoneFailed(isSeen ? 0 : 1, 'topic', 'looked at');
}
