import { secretsManagerClient } from '../adapters/aws-clients.ts';
import { secretSurvey } from '../adapters/secrets-manager/survey.ts';
import { discover } from '../use-cases/schedules/discover.ts';
import type { DiscoverPorts } from '../use-cases/schedules/discover-ports.ts';
import type { DiscoverySettings } from '../core/inventory/discovery-settings.ts';
import { once, parseEnv } from './cold-start.ts';
import { DiscoverEnv } from './discover.env.ts';
import { LOG, commonPorts, timeLeftOf, type Invocation } from './ports.ts';
import { reported, requireNoneFailed } from './report.ts';

const setUp = once((): { settings: DiscoverySettings; ports: Omit<DiscoverPorts, 'timeLeft'> } => {
  const env = parseEnv(DiscoverEnv, process.env);
  return {
    settings: env.DISCOVERY,
    ports: { ...commonPorts(env), survey: secretSurvey(secretsManagerClient(), env.AWS_REGION) },
  };
});

/** `discover`: called by a schedule, once a day. */
export function handler(_event: unknown, context: Invocation): Promise<void> {
  return reported(LOG, async () => {
    const { settings, ports } = setUp();
    const report = await discover(settings, { ...ports, ...timeLeftOf(context) });
    if (!report) return LOG.info('another discovery is at work');
    LOG.info('discovered', { ...report });
    requireNoneFailed(report.failed, 'token', 'looked over');
  });
}
