import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import type { Inventory } from '../../functions/core/ports/inventory.ts';
import type { Ports } from '../../functions/core/ports/ports.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { Token } from '../../functions/core/token/token.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import type { WorldOptions } from '../world/world.ts';
import { Depot } from '../fakes/depot.ts';
import { inTurn } from '../extent.ts';
import { SHORT, SUBJECTS, adopted, issued, recordOf, type Home, type Subject } from './home.ts';
import { report } from './leaks.ts';

type Members = Record<string, unknown>;
const SIDES = ['worker', 'deliver', 'the rest'] as const;
type Side = (typeof SIDES)[number];

/**
 * Where a later version writes members of its own: each place with the name of the record in it that stays
 * the same.
 */
const LISTS = {
  credentials: 'id',
  attempts: 'id',
  findings: 'openedAt',
  incidents: 'id',
  noted: 'subject',
  consumers: 'name',
} as const;
const NEW_FINDING = {
  kind: 'from-later',
  subject: 'x',
  severity: 'warning',
  state: 'open',
  detail: 'Only a later version knows what this is.',
  openedAt: 1,
  seenAt: 1,
  sequence: 1,
};
const NEW_NOTE = {
  kind: 'from-later',
  subject: 'x',
  severity: 'warning',
  detail: 'Nor what this is.',
  seenAt: 1,
};

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function entries(record: Members, list: string): Members[] {
  const found = record[list];
  return Array.isArray(found) ? found.filter(isMembers) : [];
}

/**
 * What a later version would save in the place of a record: members of its own at every level, a finding and
 * a note of kinds of its own.
 */
function asLater(token: Token): Token {
  const record: Members = JSON.parse(JSON.stringify(token));
  record['future'] = 'token';
  if (isMembers(record['policy'])) record['policy']['future'] = 'policy';
  for (const list of Object.keys(LISTS)) for (const one of entries(record, list)) one['future'] = list;
  for (const attempt of entries(record, 'attempts'))
    for (const mint of entries(attempt, 'mints')) mint['future'] = 'mint';
  for (const incident of entries(record, 'incidents'))
    for (const exposed of entries(incident, 'exposed')) exposed['future'] = 'exposed';
  for (const { delivery } of entries(record, 'consumers'))
    if (isMembers(delivery)) delivery['future'] = 'delivery';
  for (const fact of entries(record, 'outbox')) fact['future'] = 'fact';
  const later = isMembers(record['later']) ? record['later'] : {};
  record['later'] = { ...later, findings: [NEW_FINDING], noted: [NEW_NOTE] };
  return Token.parse(record);
}

/** Every place in a record that has a member of a later version, by a name that stays. */
function places(record: Members, has = (one: Members): boolean => one['future'] !== undefined): Set<string> {
  const found: (string | false)[] = [
    has(record) && 'token',
    isMembers(record['policy']) && has(record['policy']) && 'policy',
  ];
  for (const [list, name] of Object.entries(LISTS))
    for (const one of entries(record, list))
      found.push(has(one) && [list, JSON.stringify([one['kind'], one[name]])].join(' '));
  for (const attempt of entries(record, 'attempts'))
    for (const [index, mint] of entries(attempt, 'mints').entries())
      found.push(has(mint) && `mint ${JSON.stringify(attempt['id'])} ${index}`);
  for (const incident of entries(record, 'incidents'))
    for (const exposed of entries(incident, 'exposed'))
      found.push(has(exposed) && `exposed ${JSON.stringify([incident['id'], exposed['id']])}`);
  for (const { name, delivery } of entries(record, 'consumers'))
    if (isMembers(delivery))
      found.push(
        has(delivery) &&
          `delivery ${JSON.stringify([name, delivery['credentialId'], delivery['promotedAt']])}`,
      );
  return new Set(found.filter((one) => one !== false));
}

/**
 * Two versions on the same records: of the functions of one side each save is a later version's; of the
 * others each is held against what it read.
 */
function twoVersions(later: () => Side | undefined, lost: string[]): Partial<WorldOptions> {
  const inventoryOf = (inventory: Inventory, name: string): Inventory => {
    const side = SIDES.find((one) => name.startsWith(one)) ?? 'the rest';
    const known = inventory;
    const over: Pick<Inventory, 'save'> = {
      save: async (token, revision) => {
        if (later() === side) return known.save(asLater(token), revision);
        const before = await known.load(token.id);
        const saved = Object.fromEntries(Object.entries(token));
        if (before && before.revision === revision) {
          const all = places(saved, () => true);
          const kept = places(saved);
          const had = Object.fromEntries(Object.entries(before.token));
          for (const place of places(had))
            if (all.has(place) && !kept.has(place)) lost.push(`${name}: ${place}`);
          if (JSON.stringify(had).includes('from-later') && !JSON.stringify(saved).includes('from-later'))
            lost.push(`${name}: what is of another kind`);
        }
        return known.save(token, revision);
      },
    };
    return new Proxy(known, {
      get: (target, key): unknown => (key === 'save' ? over.save : bound(target, key)),
    });
  };
  return {
    wrap: (ports: Ports, invocation) => ({
      ...ports,
      inventory: inventoryOf(ports.inventory, invocation.name),
    }),
  };
}

function bound(target: object, key: PropertyKey): unknown {
  const value: unknown = Reflect.get(target, key);
  return typeof value === 'function' ? value.bind(target) : value;
}

async function beginning(
  subject: Subject,
  later: () => Side | undefined,
  lost: string[],
): Promise<Home & { readonly depot: Depot }> {
  const tags = {
    ...SHORT,
    'keyturn:consumer:team': 'ack:team',
    'keyturn:consumer:ci': 'github:acme/billing:TOKEN',
  };
  const depot = new Depot();
  const tried = new Set<string>();
  // The first try fails: what is on record of a delivery is written once more by the next one.
  depot.midway = async ({ id }) => {
    if (tried.has(id)) return;
    tried.add(id);
    throw new KeyturnError('issuer-unreachable', 'depot.example could not be reached.');
  };
  const home = await adopted(subject, {
    tags,
    options: { ...twoVersions(later, lost), couriers: () => [depot] },
  });
  home.world.startSchedules();
  return { ...home, depot };
}

/** A token lives as ever: rotated, brought to its consumer, its old ones revoked, a leak answered. */
async function livesOn(home: Home & { readonly depot: Depot }): Promise<void> {
  const brought = home.depot.taken.length;
  const before = currentOf(await recordOf(home))?.id;
  await home.world.clock.advanceBy(DAY);
  assert.notEqual(
    currentOf(await recordOf(home))?.id,
    before,
    `it was not rotated: ${home.world.errors.join(' | ')}`,
  );
  const out = currentOf(await recordOf(home))?.handle;
  const { fingerprint } = currentOf(await recordOf(home)) ?? {};
  await report(home, fingerprint === undefined ? {} : { fingerprint });
  await home.world.clock.advanceBy(3 * HOUR);
  const token = await recordOf(home);
  assert.notEqual(currentOf(token)?.handle, out);
  assert.ok(
    home.depot.taken.length >= brought + 2,
    `it was not brought to its consumer: ${home.world.errors.join(' | ')}`,
  );
  await home.world.clock.advanceBy(20 * MINUTE);
  assert.ok(
    home.depot.taken.some(({ versionId }) => versionId === currentOf(token)?.id),
    'the current version was not brought',
  );
  assert.ok(
    !(await issued(home.world)).some((one) => one.handle === out && one.live),
    'what leaked is inactive',
  );
  assert.ok(token.incidents?.every((one) => one.containedAt !== undefined));
}

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  describe(`two versions beside one another, ${subject.id}`, () => {
    for (const side of SIDES)
      it(`a later version of ${side}: nothing is lost or refused through a life, and back`, async () => {
        const lost: string[] = [];
        let later: Side | undefined = side;
        const home = await beginning(subject, () => later, lost);
        await livesOn(home);
        const marked = await recordOf(home);
        assert.ok(places(Object.fromEntries(Object.entries(marked))).size > 4, 'the later version did write');
        later = undefined;
        await livesOn(home);
        assert.deepEqual([...new Set(lost)], []);
        assert.deepEqual(
          home.world.errors.filter((one) => /malformed|invalid|cannot be read/.test(one)),
          [],
        );
        assert.ok(JSON.stringify(await recordOf(home)).includes('from-later'), 'after the rollback too');
      });
  });

describe('a record that needs a later version', () => {
  it('is left alone by every function, with the reason, until that version is back', async () => {
    const [subject] = SUBJECTS;
    assert.ok(subject);
    const home = await beginning(subject, () => undefined, []);
    const { world, arn } = home;
    const before = await recordOf(home);
    world.inventory.raise(tokenIdOf(arn), 2);
    await world.clock.advanceBy(DAY);
    assert.match([...world.errors, ...world.logged].join(' | '), /layout 2 or later, and this one reads 1/);
    assert.ok(
      (await issued(world)).some((one) => one.handle === currentOf(before)?.handle && one.live),
      'nothing of it is revoked',
    );
    world.inventory.raise(tokenIdOf(arn), 1);
    await livesOn(home);
  });
});
