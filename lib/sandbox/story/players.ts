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

/** Those who use a token of the usual cast, by its secret. */
const PLAYERS: ReadonlyMap<string, readonly Player[]> = new Map([
  [DEPLOY, DEPLOYERS.map((agent) => ({ agent, usesEvery: USE_EVERY }))],
  [CLIENT, CHECKOUTS.map((agent) => ({ agent, usesEvery: USE_EVERY }))],
  [GROUP, [{ agent: PORTAL, usesEvery: USE_EVERY }]],
  [PUBLISH, [{ agent: CI, usesEvery: JOB_EVERY / 2 }]],
]);

/** Those who use some tokens of the usual cast. */
export function playersOf(secrets: readonly string[]): readonly Player[] {
  return secrets.flatMap((secret) => PLAYERS.get(secret) ?? []);
}

/** Starts those who use some tokens of the usual cast; from now on they do, whatever happens. */
export async function startConsumers(stage: Stage, secrets: readonly string[]): Promise<void> {
  for (const secret of secrets) await STARTERS.get(secret)?.(stage.at(secret));
}

const STARTERS: ReadonlyMap<string, (place: Workplace) => void | Promise<void>> = new Map<
  string,
  (place: Workplace) => void | Promise<void>
>([
  [
    DEPLOY,
    (place) =>
      new BootOnlyService(place, {
        role: 'billing-deployer',
        agents: DEPLOYERS,
        restartEvery: 30 * MINUTE,
      }).start(),
  ],
  [
    CLIENT,
    (place) =>
      CHECKOUTS.forEach((agent, index) =>
        new CachedConsumer(place, { role: 'checkout', agent, cache: HOUR }).serve(
          index * 15 * MINUTE + SECOND,
        ),
      ),
  ],
  [
    GROUP,
    (place) =>
      new CachedConsumer(place, { role: 'portal', agent: PORTAL, cache: 15 * MINUTE }).serve(2 * SECOND),
  ],
  [
    PUBLISH,
    (place) =>
      new CachedConsumer(place, { role: 'ci', agent: CI, cache: 5 * MINUTE }).runJobs(
        15 * MINUTE + 3 * SECOND,
      ),
  ],
]);
