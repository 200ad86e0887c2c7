import { HOUR, MINUTE, SECOND } from '../../../functions/core/time.ts';
import { CLIENT, DEPLOY, GROUP, PUBLISH } from './cast.ts';
import { BootOnlyService, CachedConsumer, type Workplace } from './consumers.ts';
import type { Stage } from './stage.ts';

const DEPLOYERS = ['billing-deployer/1', 'billing-deployer/2', 'billing-deployer/3'];
const CHECKOUTS = ['checkout/1', 'checkout/2', 'checkout/3'];
const CI = 'ci-publisher/1';
const PORTAL = 'platform-portal/1';

/** Every consumer by the name under which the issuers log it. */
export const AGENTS: readonly string[] = [...DEPLOYERS, ...CHECKOUTS, CI, PORTAL];

/** Starts everybody who uses the tokens; from now on they do so every five minutes, whatever happens. */
export async function startConsumers(stage: Stage): Promise<void> {
  const at = (secret: string): Workplace => ({ sandbox: stage.sandbox, chronicle: stage.chronicle, onFault: stage.onFault, issuer: stage.issuerOf(secret), secret });
  await new BootOnlyService(at(DEPLOY), { role: 'billing-deployer', agents: DEPLOYERS, restartEvery: 30 * MINUTE }).start();
  CHECKOUTS.forEach((agent, index) => new CachedConsumer(at(CLIENT), { role: 'checkout', agent, cache: HOUR }).start(index * 20 * MINUTE + SECOND));
  new CachedConsumer(at(PUBLISH), { role: 'ci', agent: CI, cache: 5 * MINUTE }).start(SECOND);
  new CachedConsumer(at(GROUP), { role: 'portal', agent: PORTAL, cache: 5 * MINUTE }).start(2 * SECOND);
}
