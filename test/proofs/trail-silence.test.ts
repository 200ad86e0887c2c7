import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT } from './home.ts';
import { TrailEvent } from '../../functions/core/detection/trail-event.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { detect } from '../../functions/use-cases/detection/judge-trail-events.ts';
import { SecretNames } from '../../functions/use-cases/detection/secret-names.ts';
import { tellSilence } from '../../functions/use-cases/inventory/trail-health.ts';
import { GitlabSimulator } from '../../lib/sandbox/issuers/gitlab.ts';
import { HOME, rawEvent } from '../detect/events.ts';
import { World } from '../world/world.ts';

/**
 * An installation whose admin secret is examined every hour; the trail shows that read, or something else, a
 * minute later.
 */
async function hours(
  world: World,
  how: { count: number; isOn?: boolean; shows?: 'reads' | 'writes' | 'denials' },
): Promise<void> {
  for (let hour = 0; hour < how.count; hour++) {
    await world.examineAdminsNow();
    await world.clock.advanceBy(MINUTE);
    if (how.shows) {
      const what = {
        reads: {},
        writes: { eventName: 'PutSecretValue' },
        denials: { errorCode: 'AccessDenied' },
      }[how.shows];
      const event = TrailEvent.parse(
        rawEvent({ eventTime: new Date(world.clock.now()).toISOString(), ...what }),
      );
      await world.run('detect', MINUTE, (ports) =>
        detect([event], { names: new SecretNames(ports), rolePath: HOME.rolePath, keys: [] }, ports),
      );
    }
    await world.run('reconcile', MINUTE, (ports) => tellSilence(how.isOn ?? true, ports));
    await world.clock.advanceBy(HOUR - MINUTE);
  }
}

async function world(): Promise<World> {
  const made = new World({
    ...CLIENT,
    issuer: (clock) => new GitlabSimulator({ clock }),
    account: HOME.account,
  });
  await made.createAdminSecret(['prod/x']);
  await made.run('reconcile', MINUTE, (ports) => tellSilence(true, ports));
  return made;
}

function told({ facts }: World): string[] {
  return facts.flatMap((fact) =>
    fact.type === 'finding' && fact.kind === 'cloudtrail-events-missing' ? [fact.change] : [],
  );
}

test('a trail that stops while Keyturn reads on is reported once, and again after new reads', async () => {
  const home = await world();
  await hours(home, { count: 24, shows: 'reads' });
  assert.deepEqual(told(home), []);
  await hours(home, { count: 4 });
  assert.deepEqual(told(home), [], 'events may be late');
  await hours(home, { count: 4 });
  assert.deepEqual(told(home), ['opened']);
  await hours(home, { count: 1, shows: 'reads' });
  assert.deepEqual(told(home), ['opened', 'resolved']);
});

test('a trail that never showed a read is reported, also if it shows writes or denials', async () => {
  for (const shows of [undefined, 'writes', 'denials'] as const) {
    const home = await world();
    await hours(home, { count: 6, ...(shows && { shows }) });
    assert.deepEqual(told(home), ['opened'], shows ?? 'nothing');
  }
});

test('where no trail is watched silence is none, and what was found is over', async () => {
  const home = await world();
  await hours(home, { count: 6 });
  await hours(home, { count: 6, isOn: false });
  assert.deepEqual(told(home), ['opened', 'resolved']);
  assert.equal((await home.inventory.loadInstallationRecord()).installationRecord.trail, undefined);
});

test('while Keyturn itself reads nothing, the trail cannot be called silent', async () => {
  const home = await world();
  home.stopped.add('worker');
  await hours(home, { count: 24 });
  assert.deepEqual(told(home), []);
});
