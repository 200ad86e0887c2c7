import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accountOf, noneMadeAt, noValueOf, placeAt } from '../../functions/providers/places.ts';
import { assertCode, rejection } from '../contracts/world.ts';

describe('places', () => {
  it('have the host, with a port of its own, and the base path', () => {
    assert.deepEqual(placeAt('https://git.acme.com', 'projects/1'), { host: 'git.acme.com', basePath: '', account: 'projects/1' });
    assert.deepEqual(placeAt('https://git.acme.com:8443/a/b', 'apps/1', 'c'), { host: 'git.acme.com:8443', basePath: '/a/b', account: 'apps/1', clientId: 'c' });
  });

  it('are told apart in one text', () => {
    assert.equal(accountOf(placeAt('https://git.acme.com/gitlab', 'projects/1')), 'git.acme.com/gitlab/projects/1');
    assert.equal(accountOf(placeAt('https://git.acme.com', 'projects/1')), 'git.acme.com/projects/1');
  });

  it('that are former ones make nothing', async () => {
    assertCode(await rejection(noneMadeAt('git.acme.com/projects/1')()), 'not-granted', 'git.acme.com/projects/1', 'former');
  });

  it('stand for a value that did not come by a text of ours, another one for each credential', () => {
    assert.notEqual(noValueOf('a/1').reveal(), noValueOf('a/2').reveal());
  });
});
