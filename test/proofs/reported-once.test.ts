import { DeleteSecretCommand, RestoreSecretCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FindingKind } from '../../functions/core/findings/findings.ts';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import type { IssuerKnobs } from '../../lib/sandbox/issuers/knobs.ts';
import { SIMULATORS } from '../../lib/sandbox/issuers/simulators.ts';
import { gatewayOf } from '../walks/gateways.ts';
import { inTurn } from '../extent.ts';
import { SUBJECTS, adopted, type Home } from './home.ts';

/** A token whose issuer refuses its admin credential as long as `knobs` has a gateway. */
async function governed(subject: (typeof SUBJECTS)[number]): Promise<Home & { knobs: IssuerKnobs }> {
  const knobs: IssuerKnobs = {};
  const simulate = SIMULATORS.get(subject.id);
  assert.ok(simulate);
  const home = await adopted({ ...subject, issuer: () => (clock) => simulate({ clock, knobs }) });
  home.world.startSchedules();
  await home.world.clock.advanceBy(2 * HOUR);
  return { ...home, knobs };
}

function refusingAdmins({ world }: Home): NonNullable<IssuerKnobs['gateway']> {
  const { token } = JSON.parse(world.issuer.adminSecret([])) as { token?: string };
  return gatewayOf({ provider: world.provider, admin: () => token, scoped: () => [] }, 'admin-refused');
}

function changesOf({ world }: Home, kind: FindingKind): string[] {
  return world.facts.flatMap((fact) => (fact.type === 'finding' && fact.kind === kind ? [fact.change] : []));
}

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  describe(`what lasts is reported once, ${subject.id}`, () => {
    test('while the issuer refuses the admin credential, and is over once it accepts it', async () => {
      const home = await governed(subject);
      const { world, knobs } = home;
      knobs.gateway = refusingAdmins(home);
      await world.clock.advanceBy(DAY);
      assert.deepEqual(changesOf(home, 'secret-unusable'), ['opened']);
      delete knobs.gateway;
      await world.clock.advanceBy(3 * HOUR);
      assert.deepEqual(changesOf(home, 'secret-unusable'), ['opened', 'resolved']);
    });

    test('while its secret is scheduled for deletion, and nothing else when that is taken back', async () => {
      const home = await governed(subject);
      const { world, arn } = home;
      await world.client.send(new DeleteSecretCommand({ SecretId: arn, RecoveryWindowInDays: 7 }));
      await world.clock.advanceBy(DAY);
      await world.client.send(new RestoreSecretCommand({ SecretId: arn }));
      await world.clock.advanceBy(7 * HOUR);
      assert.deepEqual(changesOf(home, 'secret-deleted'), ['opened', 'resolved']);
      assert.deepEqual(changesOf(home, 'secret-unusable'), []);
    });
  });
