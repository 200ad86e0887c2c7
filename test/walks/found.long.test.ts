import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MINUTE } from '../../functions/core/basics/time.ts';
import type { Move, Setup } from './moves.ts';
import { play } from './play.ts';
import { SETUP } from './setup.ts';

const OKTA: Partial<Setup> = {
  provider: 'okta',
  secrets: [{ value: 'by-hand', consumer: 'boots' }],
  pendingLabel: 'at-move',
};

async function holds(setup: Partial<Setup>, moves: readonly Move[]): Promise<void> {
  assert.deepEqual((await play({ setup: { ...SETUP, ...OKTA, ...setup }, moves })).violations, []);
}

/** The shortest paths to what longer walks found. */
describe('nothing is told that is not so', () => {
  it('of an old credential of an account that is gone, past its maximum grace period', () =>
    holds({ provider: 'npm-registry', secrets: [{ value: 'by-hand', consumer: 'lags' }] }, [
      { kind: 'wait', minutes: 133 },
      { kind: 'gone', secret: 0 },
      { kind: 'put', secret: 0, what: 'revoked' },
      { kind: 'wait', minutes: 9 * 24 * 60 },
    ]));

  it('of an old credential that a person revoked at the issuer after its secret was deleted', () =>
    holds({ stale: 60_000, neighbor: 'installation' }, [
      { kind: 'put', secret: 0, what: 'good' },
      { kind: 'wait', minutes: 4 },
      { kind: 'host', to: 'strange' },
      { kind: 'wait', minutes: 181 },
      { kind: 'delete', secret: 0, how: 'scheduled' },
      { kind: 'revoke-by-hand', secret: 0, which: 'other' },
    ]));

  it('of one whose grant was taken away as its secret was deleted', () =>
    holds({ provider: 'npm-registry', secrets: [{ value: 'empty', consumer: 'boots' }] }, [
      { kind: 'wait', minutes: 285 },
      { kind: 'grant', secret: 0, to: 'nothing' },
      { kind: 'delete', secret: 0, how: 'scheduled' },
      { kind: 'revoke-by-hand', secret: 0, which: 'other' },
    ]));

  it('of a token whose rotation is switched on while a person ends it', () =>
    holds({ pendingLabel: 'stays', stale: 1_000 }, [
      { kind: 'revoke-by-hand', secret: 0, which: 'current' },
      { kind: 'wait', minutes: 111 },
      { kind: 'ask', secret: 0, what: 'end' },
      { kind: 'ask', secret: 0, what: 'switch-on' },
    ]));

  it('of a creation that nobody answered, at an account that its grant named for a while', () =>
    holds(
      {
        provider: 'gitlab',
        secrets: [
          { value: 'by-hand', consumer: 'polls' },
          { value: 'by-hand', consumer: 'caches' },
          { value: 'by-hand', consumer: 'caches' },
        ],
        pendingLabel: 'stays',
        stale: MINUTE,
      },
      [
        { kind: 'gateway', how: 'admin-refused', minutes: 422 },
        { kind: 'grant', secret: 0, to: 'another' },
        { kind: 'wait', minutes: 139 },
        { kind: 'ask', secret: 3, what: 'rotate' },
        { kind: 'wait', minutes: 22 },
        { kind: 'ask', secret: 3, what: 'rotate' },
      ],
    ));

  it('of a token that is ended once more while its rotation is switched on', () =>
    holds(
      {
        provider: 'npm-registry',
        secrets: [{ value: 'by-hand', consumer: 'polls' }],
        pendingLabel: 'at-completion',
        reusesIds: true,
        neighbor: 'account',
      },
      [
        { kind: 'wait', minutes: 1_711 },
        { kind: 'ask', secret: 0, what: 'end' },
        { kind: 'wait', minutes: 125 },
        { kind: 'ask', secret: 2, what: 'end' },
        { kind: 'ask', secret: 2, what: 'switch-on' },
      ],
    ));

  it('of two credentials under one reused id, made within a second', () =>
    holds({ provider: 'gitlab', reusesIds: true, neighbor: 'installation' }, [
      { kind: 'wait', minutes: 181 },
      { kind: 'ask', secret: 0, what: 'leaked' },
    ]));

  it('of a token that was let go of, whose secret is deleted as soon as its rotation is on again', () =>
    holds(
      {
        provider: 'npm-registry',
        secrets: [{ value: 'by-hand', consumer: 'lags' }],
        pendingLabel: 'at-completion',
      },
      [
        { kind: 'wait', minutes: 269 },
        { kind: 'ask', secret: 0, what: 'detach' },
        { kind: 'wait', minutes: 57 },
        { kind: 'ask', secret: 0, what: 'switch-on' },
        { kind: 'delete', secret: 0, how: 'scheduled' },
      ],
    ));

  it('of a token that was retired, and whose secret somebody restores who need not', () =>
    holds(
      {
        provider: 'npm-registry',
        secrets: [
          { value: 'by-hand', consumer: 'boots' },
          { value: 'by-hand', consumer: 'lags' },
        ],
        pendingLabel: 'at-completion',
        neighbor: 'account',
      },
      [
        { kind: 'wait', minutes: 39 },
        { kind: 'ask', secret: 1, what: 'end' },
        { kind: 'wait', minutes: 292 },
        { kind: 'restore', secret: 3 },
      ],
    ));

  it('of a credential that a person kept by a label and let go of before the next rotation', () =>
    holds({ provider: 'npm-registry', pendingLabel: 'at-completion' }, [
      { kind: 'gateway', how: 'page-200', minutes: 415 },
      { kind: 'policy', secret: 2, tags: { 'keyturn:unused-for': '1d' } },
      { kind: 'wait', minutes: 3_634 },
      { kind: 'wait', minutes: 222 },
      { kind: 'label', secret: 3, how: 'own-on-previous' },
      { kind: 'wait', minutes: 2_375 },
      { kind: 'copy', secret: 0, how: 'without-grant' },
      { kind: 'ask', secret: 2, what: 'rotate' },
      { kind: 'wait', minutes: 1_008 },
      { kind: 'label', secret: 0, how: 'own-off' },
      { kind: 'wait', minutes: 1_012 },
    ]));

  it('of a value that a person copied into another account, and of whose use the issuer shows nothing', () =>
    holds({ provider: 'gitlab', secrets: [{ value: 'by-hand', consumer: 'caches' }], neighbor: 'account' }, [
      { kind: 'wait', minutes: 1_214 },
      { kind: 'copy', secret: 2, how: 'neighbor' },
      { kind: 'ask', secret: 0, what: 'console-rotates' },
      { kind: 'scope', secret: 0 },
      { kind: 'wait', minutes: 169 },
    ]));

  it('of a credential whose issuer no longer says whose it is: what was in the way before is over', () =>
    holds(
      {
        provider: 'gitlab',
        secrets: [{ value: 'by-hand', consumer: 'polls' }],
        pendingLabel: 'at-completion',
      },
      [
        { kind: 'wait', minutes: 198 },
        { kind: 'remake', secret: 3, value: 'same' },
        { kind: 'wait', minutes: 24 },
        { kind: 'host', to: 'strange' },
        { kind: 'ask', secret: 3, what: 'end' },
        { kind: 'scope', secret: 0 },
        { kind: 'wait', minutes: 88 },
        { kind: 'host', to: 'own' },
        { kind: 'wait', minutes: 4_015 },
        { kind: 'wait', minutes: 876 },
        { kind: 'wait', minutes: 1_400 },
      ],
    ));

  it('of the use of an old credential that expired while its issuer could not be asked', () =>
    holds(
      {
        provider: 'gitlab',
        secrets: [{ value: 'empty', consumer: 'lags' }],
        pendingLabel: 'at-completion',
        stale: 60_000,
      },
      [
        { kind: 'wait', minutes: 852 },
        { kind: 'grant', secret: 0, to: 'nothing' },
        { kind: 'wait', minutes: 12_690 },
      ],
    ));

  it('of a value that belongs to another account than its grant named at first', () =>
    holds(
      {
        provider: 'gitlab',
        secrets: [
          { value: 'by-hand', consumer: 'caches' },
          { value: 'by-hand', consumer: 'lags' },
        ],
        pendingLabel: 'at-completion',
      },
      [
        { kind: 'grant', secret: 1, to: 'another' },
        { kind: 'gateway', how: 'page-200', minutes: 87 },
        { kind: 'wait', minutes: 1_247 },
        { kind: 'gone', secret: 1 },
        { kind: 'wait', minutes: 3_000 },
        { kind: 'ask', secret: 1, what: 'rotate' },
        { kind: 'wait', minutes: 5_400 },
      ],
    ));

  it('of one that was disabled while the text of its secret waits for a person', () =>
    holds(
      { secrets: [{ value: 'by-hand', consumer: 'polls' }], pendingLabel: 'stays', neighbor: 'installation' },
      [
        { kind: 'wait', minutes: 290 },
        { kind: 'ask', secret: 2, what: 'leaked' },
        { kind: 'wait', minutes: 27 },
        { kind: 'put', secret: 1, what: 'bearer' },
      ],
    ));
});
