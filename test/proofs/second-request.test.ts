import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { kubernetesSimulator } from '../../lib/sandbox/issuers/kubernetes.ts';
import type { IssuerKnobs } from '../../lib/sandbox/issuers/knobs.ts';
import { NAME, adopted, recordOf, send } from './home.ts';

/** Fails the second request of a creation. */
const failing = (status: number) => (request: Request) =>
  new URL(request.url).pathname.endsWith('/token') ? new Response('', { status }) : undefined;

for (const status of [403, 503])
  test(
    `what the first request of a creation left, whose second one was answered ${status}, is found by its ` +
      'name and revoked; the next rotation needs no person',
    async () => {
      const knobs: IssuerKnobs = {};
      const home = await adopted({
        id: 'kubernetes',
        issuer: (delays) => (clock) => kubernetesSimulator({ clock, delays, knobs }),
      });
      const { world, arn } = home;
      const before = currentOf(await recordOf(home))?.handle ?? '';
      assert.ok(before.includes('by-hand-'), 'a token that a person bound to a Secret is adopted');
      knobs.gateway = failing(status);
      await send(world, arn, { kind: 'rotate' });
      await world.clock.advanceBy(MINUTE);
      const [, left] = await world.issuer.credentials(NAME);
      assert.ok(left?.live && left.name !== undefined, 'the first request made it');
      assert.match((await recordOf(home)).lastError?.message ?? '', new RegExp(`${status} to POST .*/token`));
      delete knobs.gateway;
      world.startSchedules();
      await world.clock.advanceBy(3 * HOUR);
      const issued = await world.issuer.credentials(NAME);
      assert.equal(issued.find(({ handle }) => handle === left.handle)?.live, false);
      const token = await recordOf(home);
      assert.notEqual(currentOf(token)?.handle, before);
      const known = new Set(token.credentials.map(({ handle }) => handle));
      assert.ok(issued.every(({ live, handle }) => !live || known.has(handle)));
      assert.equal(token.findings.filter((one) => one.state === 'open').length, 0);
    },
  );
