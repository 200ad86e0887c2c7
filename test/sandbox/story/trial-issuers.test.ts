import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { VirtualClock } from '../../../lib/sandbox/clock.ts';
import { GitlabSimulator } from '../../../lib/sandbox/issuers/gitlab.ts';
import { OktaSimulator } from '../../../lib/sandbox/issuers/okta.ts';
import { SANDBOX_SETTINGS } from '../../../lib/sandbox/runtime/settings.ts';
import { trialsOf } from '../../../lib/sandbox/story/trial-issuers.ts';
import { T0 } from '../../fakes/tokens.ts';

const clock = new VirtualClock(T0);

function hostsOf({ settings }: ReturnType<typeof trialsOf>[number]): readonly string[] {
  return Object.values(settings).flatMap(({ allowedHosts }) => allowedHosts);
}

describe('issuers that a sandbox simulates when it is asked to', () => {
  it('are all but those of every sandbox, each with a token of its own', () => {
    const trials = trialsOf(DESCRIPTORS);
    const usual = Object.keys(SANDBOX_SETTINGS.issuers);
    assert.deepEqual(
      trials.map(({ member }) => member.secret),
      DESCRIPTORS.filter(({ id }) => !usual.includes(id)).map(({ id }) => `trial/${id}`),
    );
    assert.deepEqual(
      trials.map(({ issuer }) => issuer(clock).provider),
      trials.map(({ member }) => member.provider),
    );
  });

  it("have hosts that are no other issuer's, and may be reached there", () => {
    const usual = [new GitlabSimulator({ clock }), new OktaSimulator({ clock })].map(({ host }) => host);
    const trials = trialsOf(DESCRIPTORS);
    const hosts = [...usual, 'npm.keyturn.test', ...trials.flatMap(hostsOf)];
    assert.deepEqual(
      hosts.filter((host, index) => hosts.indexOf(host) !== index),
      [],
    );
    for (const trial of trials) {
      const { host, otherHosts = [] } = trial.issuer(clock);
      assert.deepEqual(hostsOf(trial), [host, ...otherHosts]);
    }
  });

  it('may leave consumers without a working value only by the policy of their token', () => {
    const without = trialsOf(DESCRIPTORS).filter(({ member }) => member.policy.overlap === 'none');
    assert.deepEqual(
      without.map(({ member }) => member.provider),
      ['auth0', 'gitlab-runner', 'hcp-terraform-org', 'keycloak'],
    );
  });

  it('run once, however often they are named, and need a simulator', () => {
    const [cloudflare] = DESCRIPTORS.filter(({ id }) => id === 'cloudflare');
    assert.ok(cloudflare);
    assert.equal(trialsOf([cloudflare, cloudflare]).length, 1);
    assert.throws(() => trialsOf([{ ...cloudflare, id: 'own-hub' }]), {
      name: 'SandboxRefusal',
      message: 'The issuer own-hub has no simulator. `keyturn issuer test` tries an issuer of your own.',
    });
  });
});
