import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProviderTools, Reach, Session } from '../../functions/core/issuer/provider.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { accountOf, inPlaces, noneMadeAt, noValueOf, placeAt } from '../../functions/providers/places.ts';
import { assertCode, rejection } from '../contracts/world.ts';

describe('places', () => {
  it('have the host, with a port of its own, and the base path', () => {
    assert.deepEqual(placeAt('https://git.acme.com', 'projects/1'), {
      host: 'git.acme.com',
      basePath: '',
      account: 'projects/1',
    });
    assert.deepEqual(placeAt('https://git.acme.com:8443/a/b', 'apps/1', 'c'), {
      host: 'git.acme.com:8443',
      basePath: '/a/b',
      account: 'apps/1',
      clientId: 'c',
    });
  });

  it('are told apart in one text', () => {
    assert.equal(
      accountOf(placeAt('https://git.acme.com/gitlab', 'projects/1')),
      'git.acme.com/gitlab/projects/1',
    );
    assert.equal(accountOf(placeAt('https://git.acme.com', 'projects/1')), 'git.acme.com/projects/1');
  });

  it('are worked at where the grant names them alone: its own first, then the former ones', () => {
    const tools: ProviderTools = {
      fetch: async () => new Response(),
      now: () => 0,
      sleep: async () => {},
      uuid: () => crypto.randomUUID(),
    };
    const asked: unknown[] = [];
    const own = placeAt('https://git.acme.com', 'projects/1');
    const former = placeAt('https://git.acme.com', 'projects/2');
    // What a session can do is no matter here: only which one it is.
    const at = (reach: Reach) => ({
      reach,
      open: (given: ProviderTools) => (asked.push(given), { reach } as Session),
    });
    const places = inPlaces((admin, secretName) => (asked.push(admin, secretName), [at(own), at(former)]));
    const admin = new Secret('{}');
    assert.equal(places.open(admin, 'prod/app', tools).reach, own);
    assert.equal(places.openAt(admin, 'prod/app', { ...former }, tools)?.reach, former);
    assert.equal(places.openAt(admin, 'prod/app', { ...own }, tools)?.reach, own);
    assert.deepEqual(asked, [admin, 'prod/app', tools, admin, 'prod/app', tools, admin, 'prod/app', tools]);
    for (const other of [
      { ...own, host: 'x' },
      { ...own, basePath: '/x' },
      { ...own, account: 'projects/3' },
      { ...own, clientId: 'c' },
    ])
      assert.equal(places.openAt(admin, 'prod/app', other, tools), undefined, JSON.stringify(other));
    assert.deepEqual(places.reaches(admin, 'prod/app'), [own, former]);
  });

  it('that are former ones make nothing', async () => {
    assertCode(
      await rejection(noneMadeAt('git.acme.com/projects/1')()),
      'not-granted',
      'git.acme.com/projects/1',
      'former',
    );
  });

  it('stand for a value that did not come by a text of ours, another one for each credential', () => {
    assert.notEqual(noValueOf('a/1').reveal(), noValueOf('a/2').reveal());
    assert.match(noValueOf('a/1').reveal(), / /, 'no issuer makes one with a blank');
  });
});
