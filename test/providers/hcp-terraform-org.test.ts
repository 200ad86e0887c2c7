import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY } from '../../functions/core/basics/time.ts';
import { ReplacePermit } from '../../functions/core/issuer/replace-permit.ts';
import { hcpTerraformOrg } from '../../functions/providers/hcp-terraform-org/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { hcpTerraformOrgSimulator } from '../../lib/sandbox/issuers/hcp-terraform-org.ts';
import { describeOneSlot } from '../contracts/provider-one-slot.ts';
import { OTHER_SECRET, SECRET } from '../contracts/setup.ts';
import { recordingWorld } from '../contracts/world.ts';

describeOneSlot({
  provider: hcpTerraformOrg,
  createIssuer: (clock) =>
    hcpTerraformOrgSimulator({ clock, delays: { propagation: 5_000, revokeLag: 5_000 } }),
  hostField: 'url',
  accountFields: ['organization'],
  isCreation: (request) => request.method === 'POST',
  othersAre: 'unknown',
  adminCredentials: (admin) => [String(admin['token'])],
});

describe('hcp-terraform-org', () => {
  const setup = async () => {
    const clock = new VirtualClock(Date.parse('2026-03-02T10:00:00Z'));
    const issuer = hcpTerraformOrgSimulator({ clock });
    const world = recordingWorld(clock, (request) => issuer.fetch(request));
    const text = new Secret(issuer.adminSecret([SECRET, OTHER_SECRET]));
    const session = hcpTerraformOrg.open(text, SECRET, world.tools);
    assert.ok(session.kind === 'replacing');
    return { clock, issuer, world, session };
  };

  it('takes over when the new token ends, which HashiCorp decides', async () => {
    const { clock, session } = await setup();
    const made = await session.replace(new ReplacePermit(session.account, 'policy'));
    assert.equal(made.expiresAt, clock.now() + 730 * DAY);
    assert.deepEqual(await session.probe(made.value), { outcome: 'active', expiresAt: made.expiresAt });
  });

  it('calls a token of another organization neither good nor bad', async () => {
    const { issuer, session } = await setup();
    const [theirs] = await issuer.credentials(OTHER_SECRET);
    assert.equal((await session.probe(new Secret(theirs?.value ?? ''))).outcome, 'unknown');
  });
});
