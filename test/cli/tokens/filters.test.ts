import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { T0, aToken } from '../../fakes/tokens.ts';
import { bench, type Bench } from '../harness.ts';

async function world(): Promise<Bench> {
  const it = bench();
  await it.put(
    aToken({ name: 'a', owner: 'team-billing', environment: 'production', provider: 'gitlab' }),
    aToken({ name: 'b', owner: 'team-ops', environment: 'staging', provider: 'okta' }),
    aToken({ name: 'c', owner: 'team-gone', environment: 'production', provider: 'gitlab', detachedAt: T0 }),
  );
  return it;
}

describe('a filter', () => {
  for (const [command, option, value, near] of [
    ['status', 'owner', 'team-biling', /Did you mean team-billing\?/],
    ['status', 'owner', 'TEAM-BILLING', /Did you mean team-billing\?/],
    ['status', 'owner', 'zzzzzz', /There are team-billing, team-gone, team-ops\./],
    ['status', 'issuer', 'gitlb', /Did you mean gitlab\?/],
    ['status', 'environment', 'prod', /Did you mean production\?/],
    ['review list', 'owner', 'team-bill', /Did you mean team-billing\?/],
  ] as const)
    for (const form of [[], ['--json']])
      it(
        'that fits nothing fails and names the nearest: ' +
          [command, `--${option}`, value, ...form].join(' '),
        async () => {
          const { exit, out, err } = await (
            await world()
          ).keyturn(...command.split(' '), `--${option}`, value, ...form);
          assert.equal(exit, 2);
          assert.equal(out, '');
          assert.match(err, new RegExp(`No token has the ${option} "${value}"`));
          assert.match(err, near);
        },
      );

  it('that fits nothing beside another one fails', async () => {
    const { exit, err } = await (
      await world()
    ).keyturn('status', '--owner', 'team-billing', '--issuer', 'okta');
    assert.equal(exit, 2);
    assert.match(err, /No token has the owner team-billing and the issuer okta together/);
  });

  it('that fits only what is hidden says how to see it', async () => {
    const it = await world();
    const { exit, err } = await it.keyturn('status', '--owner', 'team-gone');
    assert.equal(exit, 2);
    assert.match(err, /1 detached token is not listed: add --all/);
    assert.equal((await it.keyturn('status', '--owner', 'team-gone', '--all')).exit, 0);
  });

  it('in an installation without tokens fails, and none is no failure without a filter', async () => {
    const { exit, err } = await bench().keyturn('status', '--owner', 'team-billing');
    assert.equal(exit, 2);
    assert.match(err, /there are no tokens yet/);
    const all = await bench().keyturn('status');
    assert.equal(all.exit, 0);
    assert.match(all.out, /No tokens\. Register/);
  });

  it('that fits lets those through', async () => {
    const { exit, out } = await (
      await world()
    ).keyturn('status', '--owner', 'team-ops', '--issuer', 'okta', '--environment', 'staging', '--json');
    assert.equal(exit, 0);
    assert.deepEqual(
      JSON.parse(out).tokens.map(({ name }: { name: string }) => name),
      ['b'],
    );
  });
});
