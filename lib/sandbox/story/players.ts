import { HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import { CLIENT, DEPLOY, GROUP, PUBLISH } from './cast.ts';
import {
  BootOnlyService,
  CachedConsumer,
  JOB_EVERY,
  USE_EVERY,
  type Player,
  type Workplace,
} from './consumers.ts';
import type { Stage } from './stage.ts';

const DEPLOYERS = ['billing-deployer/1', 'billing-deployer/2', 'billing-deployer/3'];
const CHECKOUTS = ['checkout/1', 'checkout/2', 'checkout/3'];
const CI = 'ci-publisher/1';
const PORTAL = 'platform-portal/1';

/** Those who use the tokens of the usual cast. */
export const PLAYERS: readonly Player[] = [
  ...[...DEPLOYERS, ...CHECKOUTS, PORTAL].map((agent) => ({ agent, usesEvery: USE_EVERY })),
  { agent: CI, usesEvery: JOB_EVERY / 2 },
];

/** Starts them; from now on they use their tokens, whatever happens. */
export async function startConsumers(stage: Stage): Promise<void> {
  const at = (secret: string): Workplace => stage.at(secret);
  await new BootOnlyService(at(DEPLOY), {
    role: 'billing-deployer',
    agents: DEPLOYERS,
    restartEvery: 30 * MINUTE,
  }).start();
  CHECKOUTS.forEach((agent, index) =>
    new CachedConsumer(at(CLIENT), { role: 'checkout', agent, cache: HOUR }).serve(
      index * 15 * MINUTE + SECOND,
    ),
  );
  new CachedConsumer(at(GROUP), { role: 'portal', agent: PORTAL, cache: 15 * MINUTE }).serve(2 * SECOND);
  new CachedConsumer(at(PUBLISH), { role: 'ci', agent: CI, cache: 5 * MINUTE }).runJobs(
    15 * MINUTE + 3 * SECOND,
  );
}
