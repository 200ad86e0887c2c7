import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import type { VirtualClock } from '../../lib/sandbox/clock.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { GitlabSimulator } from '../../lib/sandbox/issuers/gitlab.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { NAME, SHORT, adopted, recordOf, type Home } from './home.ts';

const Fields = z.record(z.string(), z.unknown());

/**
 * An instance whose answers to creations are changed on their way: what it makes is what was asked for, or
 * not.
 */
function answering(
  change: (made: Record<string, unknown>) => Record<string, unknown>,
  isOn: { value: boolean },
) {
  return (clock: VirtualClock): Issuer => {
    const issuer = new GitlabSimulator({ clock });
    const plain = issuer.fetch.bind(issuer);
    issuer.fetch = async (request) => {
      const isMint = request.method === 'POST' && isOn.value;
      const answer = await plain(request);
      return isMint && answer.status === 201
        ? Response.json(change(Fields.parse(await answer.json())), { status: 201 })
        : answer;
    };
    return issuer;
  };
}

async function livingElsewhere({ world, arn }: Home): Promise<number> {
  const known = new Set(
    (await recordOf({ world, arn })).credentials.flatMap((one) =>
      one.handle === undefined ? [] : [one.handle],
    ),
  );
  return (await world.issuer.credentials(NAME)).filter((one) => one.live && !known.has(one.handle)).length;
}

const CHANGES: Readonly<Record<string, (made: Record<string, unknown>) => Record<string, unknown>>> = {
  'another name': (made) => ({ ...made, name: 'acme', description: null }),
  'other scopes': (made) => ({ ...made, scopes: ['api'] }),
  'fields that are not as documented': ({ id, token }) => ({ id, token }),
  'no value': ({ token: _token, ...made }) => made,
};

for (const [differs, change] of Object.entries(CHANGES))
  test(
    `a credential that an issuer made with ${differs} is recorded, given up and revoked, and the reason ` +
      'is told',
    async () => {
      const isOn = { value: true };
      const home = await adopted({ id: 'gitlab', issuer: () => answering(change, isOn) }, { tags: SHORT });
      const { world } = home;
      world.startSchedules();
      await world.clock.advanceBy(12 * HOUR);
      assert.ok((await world.issuer.credentials(NAME)).length > 1, 'it was made');
      assert.match(
        (await recordOf(home)).lastError?.message ?? '',
        new RegExp(`with ${differs}, not as it was asked to`),
      );
      assert.equal((await world.issuer.credentials(NAME)).length, 2, 'one cause loses one credential a day');
      isOn.value = false;
      await world.clock.advanceBy(30 * HOUR);
      assert.equal(await livingElsewhere(home), 0);
      assert.ok(
        (await recordOf(home)).credentials.some((one) => one.state === 'current' && one.origin === 'minted'),
        'it rotates again once the issuer does as asked',
      );
      await world.clock.advanceBy(MINUTE);
    },
  );
