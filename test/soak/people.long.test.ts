import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fact } from '../../functions/core/findings/events.ts';
import type { FindingKind } from '../../functions/core/findings/findings.ts';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import { DEEDS, type DeedKind } from './deeds/deed.ts';
import { liveShard, type ShardPlan, type ShardReport } from './shard.ts';
import { isSound } from './soak.ts';
import type { Town } from './town.ts';

/** Two tokens and, of GitLab's, an admin credential, in a world where one thing alone goes wrong, often. */
function live(
  kind: DeedKind,
  meddle?: (town: Town) => void,
  plan: Partial<ShardPlan> = {},
): Promise<ShardReport> {
  const timesAYear = { [kind]: 60 };
  return liveShard(
    { provider: 'gitlab', tokens: 2, days: 14, seed: 5, troubled: true, timesAYear, ...plan },
    (town) => {
      town.weather.heal();
      meddle?.(town);
    },
  );
}

function later(town: Town, days: number, act: () => Promise<unknown>): void {
  const { clock } = town.world;
  clock.after(days * DAY, () => void clock.activity(act));
}

/** Somebody revokes whatever is active for tokens, and no deed of people says so. */
async function revokeAll({ world, residents }: Town): Promise<void> {
  for (const one of residents)
    for (const { live: isLive, handle } of one.isAdmin ? [] : await world.issuer.credentials(one.name))
      if (isLive) await world.issuer.revokeByHand(handle);
}

/** Facts of these kinds never reach anybody. */
function muting(...kinds: readonly FindingKind[]): (town: Town) => void {
  return ({ world: { facts } }) => {
    facts.push = (...told: Fact[]): number => {
      for (const fact of told)
        if (fact.type !== 'finding' || !kinds.includes(fact.kind)) facts[facts.length] = fact;
      return facts.length;
    };
  };
}

/** The kinds of finding that tell of each deed that somebody has to put right. */
const TOLD_BY: Partial<Record<DeedKind, readonly FindingKind[]>> = {
  grantTaken: ['secret-unusable', 'rotation-failed', 'token-expiring', 'max-age-near'],
  secretDeleted: ['secret-deleted'],
  rotationSwitchedOff: ['rotation-disabled'],
  currentRevoked: ['token-inactive'],
  valuePut: ['out-of-band-change'],
  labelMoved: ['out-of-band-change', 'version-kept'],
  valueCopied: ['secret-deleted'],
};

describe('people in a soak', () => {
  for (const kind of DEEDS)
    it(`may do often what is counted as ${kind}, and all is well in the end`, async () => {
      const report = await live(kind);
      assert.deepEqual(report.complaints, []);
      assert.ok(isSound(report) && report.people[kind] > 0, JSON.stringify(report.people));
    });

  for (const [kind, told] of Object.entries(TOLD_BY))
    it(`are missed by the judge when no alert tells of what is counted as ${kind}`, async () => {
      const report = await live(kind as DeedKind, muting(...told));
      assert.ok(report.untoldDeeds > 0 && !isSound(report), JSON.stringify(report.people));
    });

  it('explain the refused calls of what they revoked, and no others', async () => {
    const report = await live('currentRevoked', (town) => later(town, 15, () => revokeAll(town)));
    assert.ok(report.consumerFailures > 0 && !isSound(report), report.complaints.join('\n'));
  });

  it('explain the refused calls of a gateway while it stands, and no others', async () => {
    const report = await live('asked', (town) =>
      later(town, 2, async () => {
        town.knobs.gateway = () => new Response('no', { status: 401 });
        town.world.clock.after(7 * HOUR, () => delete town.knobs.gateway);
      }),
    );
    assert.ok(report.consumerFailures > 0 && !isSound(report), report.complaints.join('\n'));
  });

  it('leave nothing unseen where lists do: the judge asks the issuer itself', async () => {
    const report = await live('listChanged', (town) =>
      later(town, 2, async () => {
        const { world, residents, knobs } = town;
        const text = await world.issuer.createByHand(residents[0]?.name ?? '');
        const all = await world.issuer.credentials(residents[0]?.name ?? '');
        const made = all.find(({ value }) => text.includes(value));
        knobs.omits = (handle) => handle === made?.handle;
      }),
    );
    assert.ok(report.orphanedCredentials > 0 && !isSound(report), report.complaints.join('\n'));
  });

  it('use copies, whose refused calls are seen', async () => {
    const report = await live('valueCopied', (town) => later(town, 10, () => revokeAll(town)));
    assert.match(
      report.complaints.join('\n'),
      /a call of reader-of-copy-\d+\/of-app-\d+\/token\/1 .* got 401/,
    );
  });
});

describe('an admin credential in a soak', () => {
  it('is rotated, and its strays and its end are seen like those of any token', async () => {
    const report = await live(
      'asked',
      (town) => {
        const { world, residents } = town;
        const admin = residents.find(({ isAdmin }) => isAdmin);
        assert.ok(admin);
        later(town, 12, () => world.issuer.createByHand(admin.name));
        later(town, 19, async () => {
          for (const name of ['sweep', 'reconcile', 'worker', 'rotate']) world.stopped.add(name);
          for (const { live: isLive, handle } of await world.issuer.credentials(admin.name))
            if (isLive) await world.issuer.revokeByHand(handle);
        });
      },
      { days: 20 },
    );
    assert.ok(report.adminRotations > 0, 'no rotation');
    const told = report.complaints.join('\n');
    assert.match(told, /keyturn\/admin\/gitlab: AWSCURRENT names no live credential/);
    assert.match(told, /a call of reader-0-of-keyturn\/admin\/gitlab\/1 .* got 401/);
  });

  it('is not what a person wrote when something undoes that, and the judge says so', async () => {
    const report = await live('grantTaken', (town) =>
      later(town, 3, () => town.world.grantOnly(town.residents.map(({ name }) => name).slice(1))),
    );
    assert.ok(report.undoneEdits > 0 && !isSound(report));
  });
});
