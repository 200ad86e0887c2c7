import { HOUR, SECOND } from '../../../../functions/core/basics/time.ts';
import type { Member } from '../cast.ts';
import { CachedConsumer, USE_EVERY } from '../consumers.ts';
import type { Episode } from '../episode.ts';
import { lastOf, openedAndOver, check } from '../checks.ts';

const STAGING = 'shop/staging';
const PRODUCTION = 'shop/production';
const SOAK = 6 * HOUR;
const SHOP = { agent: 'shop-production/1', usesEvery: USE_EVERY };
/** Both are due after three days; staging is broken before that, and fixed after it. */
const LOST = 60 * HOUR;
const FIXED = 80 * HOUR;

const COMMON = { provider: 'gitlab', owner: 'team-shop', begins: 'by-hand' } as const;
const MEMBERS: readonly Member[] = [
  {
    ...COMMON,
    secret: STAGING,
    purpose: 'the shop in staging',
    beginning: 'made by hand',
    policy: { rotateEvery: '3d', minGrace: '15m', unusedFor: '30m' },
  },
  {
    ...COMMON,
    secret: PRODUCTION,
    purpose: 'the shop in production',
    beginning: 'it follows the one in staging',
    policy: {
      rotateEvery: '3d',
      minGrace: '15m',
      cacheTtl: '1h',
      unusedFor: '30m',
      rotateAfter: STAGING,
      soakTime: '6h',
    },
  },
];

/**
 * Production follows staging. Staging cannot be rotated, so production is held; once staging is fixed and
 * has soaked, production follows.
 */
export const STAGED: Episode = {
  members: MEMBERS,
  players: [SHOP],
  async start(stage) {
    new CachedConsumer(stage.at(PRODUCTION), { role: 'shop', agent: SHOP.agent, cache: HOUR }).serve(
      4 * SECOND,
    );
  },
  acts: [
    {
      at: LOST,
      async play({ stage, owner }) {
        await owner.withhold('gitlab', STAGING);
        stage.tell(`${STAGING}: its grant gets lost; production follows staging, and both are due soon`);
      },
    },
    {
      at: FIXED,
      async play({ stage, owner }) {
        await owner.giveBack('gitlab', STAGING);
        stage.tell(`${STAGING}: its owner has the grant put back`);
      },
    },
  ],
  expects: [
    { secret: STAGING, kind: 'secret-unusable' },
    { secret: PRODUCTION, kind: 'rotation-deferred' },
  ],
  check({ facts, start }) {
    const early = facts.filter(
      (fact) =>
        fact.type === 'lifecycle' &&
        fact.what === 'rotated' &&
        fact.name === PRODUCTION &&
        fact.at < start + FIXED + SOAK,
    );
    const wrong = [
      ...openedAndOver(facts, STAGING, 'secret-unusable'),
      ...openedAndOver(facts, PRODUCTION, 'rotation-deferred'),
      ...early.map(() => 'production went ahead of staging'),
    ];
    const [staging, production] = [lastOf(facts, STAGING, 'rotated'), lastOf(facts, PRODUCTION, 'rotated')];
    if (staging === undefined || production === undefined || production < staging + SOAK)
      wrong.push('production did not follow when staging had soaked');
    return check(
      'Production was held while staging failed, and followed it when it had soaked',
      wrong,
      `${STAGING}, then ${PRODUCTION}`,
    );
  },
};
