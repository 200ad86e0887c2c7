import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { consumersWithState } from '../../../functions/core/delivery/deliveries.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import type { Consumer } from '../../../functions/core/consumers/consumer-state.ts';
import { T0 } from '../../fakes/tokens.ts';
import { NOW, PROMOTED, PROVEN, judge, said, usedAt, ECS, ACK, SERVICE } from './evidence-cases.ts';

describe('a consumer that Keyturn delivers to', () => {
  it('has moved when the new value arrived, and work begun before is over', () => {
    assert.match(
      said(judge('consumers', [{ ...ECS, delivery: PROVEN }])),
      /^weak: api delivered: a deployment begun after the promotion is completed/,
    );
    const github: Consumer = { name: 'ci', kind: 'github', target: 'a/b:T', delivery: PROVEN };
    const waiting = judge('consumers', [github], {}, T0 + 4 * HOUR);
    assert.match(said(waiting), /^ci: work begun before 2026-01-05T11:00:00Z may still use the old value$/);
    assert.equal(waiting.outcome === 'waiting' && waiting.lookAt, T0 + 5 * HOUR);
    assert.match(said(judge('consumers', [github], {}, T0 + 8 * HOUR)), /^weak: ci/);
  });

  it('holds the old credential under every policy until it has the new value, and says why', () => {
    const failed: Consumer = {
      ...ECS,
      delivery: {
        ...PROVEN,
        state: 'failed',
        tries: 3,
        problem: { code: 'x', message: 'The cluster is gone.', lasting: false },
      },
    };
    for (const evidence of ['last-used', 'consumers', 'all', 'time'] as const)
      assert.equal(
        said(judge(evidence, [failed], usedAt(undefined))),
        'api: the new value has not arrived there: The cluster is gone',
      );
  });

  it('has not moved by what arrived before the latest promotion', () => {
    assert.match(
      said(judge('consumers', [{ ...ECS, delivery: { ...PROVEN, credentialId: 'v1' } }])),
      /has not arrived/,
    );
    assert.match(
      said(judge('consumers', [{ ...ECS, delivery: { ...PROVEN, promotedAt: T0 } }])),
      /has not arrived/,
    );
  });

  it('is only told by an event on a bus: its own move is waited for', () => {
    const told: Consumer = { name: 'batch', kind: 'event', target: 'batch', delivery: PROVEN };
    assert.equal(said(judge('consumers', [told])), 'batch: nothing shows that it uses the new version');
    assert.match(
      said(judge('consumers', [{ ...told, acknowledged: { credentialId: 'v2', at: NOW, by: 'ann' } }])),
      /^weak: batch ann said/,
    );
    assert.equal(said(judge('last-used', [told])), 'time: ', 'and holds nothing under another policy');
  });
});

describe('an acknowledgement', () => {
  it('counts for the credential that it names', () => {
    const by = (credentialId: string): Consumer => ({
      ...ACK,
      acknowledged: { credentialId, at: NOW, by: 'ann' },
    });
    assert.match(said(judge('consumers', [by('v2')])), /^weak: team ann said that it has moved/);
    assert.match(said(judge('consumers', [by('v1')])), /^team: nothing shows/);
  });
});

describe('a service that says what its versions use', () => {
  const use = (version: string, credentialId: string, releasedAt?: number) => ({
    version,
    credentialId,
    notedAt: T0,
    by: 'ci',
    ...(releasedAt !== undefined && { releasedAt }),
  });

  it('holds the credential, under every policy, until the last version that uses it is released', () => {
    for (const evidence of ['last-used', 'consumers', 'time'] as const)
      assert.equal(
        said(
          judge(
            evidence,
            [{ ...SERVICE, uses: [use('41', 'v1'), use('42', 'v1', NOW), use('43', 'v2')] }],
            usedAt(undefined),
          ),
        ),
        'app: its version 41 uses it and was not released',
      );
    assert.equal(
      said(judge('consumers', [{ ...SERVICE, uses: [use('41', 'v1', NOW), use('43', 'v2')] }])),
      'weak: app version 41 was released',
    );
  });

  it('that said nothing of it shows nothing, as after the record was lost', () => {
    assert.match(
      said(judge('consumers', [{ ...SERVICE, uses: [use('43', 'v2')] }])),
      /^app: none of its versions was noted/,
    );
    assert.equal(said(judge('time', [SERVICE])), 'time: ', 'and holds nothing under another policy');
  });
});

describe('a consumer whose declaration cannot be read', () => {
  const UNREAD: Consumer = { name: 'ci', kind: 'ack', target: 'github:acme', unreadable: true };

  it('holds old credentials under every policy, whatever the issuer saw', () => {
    for (const evidence of ['last-used', 'consumers', 'all', 'time'] as const)
      assert.equal(
        said(judge(evidence, [UNREAD], usedAt(undefined))),
        'ci: its tag cannot be read, so nothing can show that it moved',
      );
  });

  it(
    'does so until a person says that it has moved, and what was said of another declaration does not ' +
      'count',
    () => {
      const moved: Consumer = { ...UNREAD, acknowledged: { credentialId: 'v2', at: PROMOTED, by: 'ana' } };
      assert.match(said(judge('last-used', [moved], usedAt(undefined))), /^strong: /);
      assert.deepEqual(consumersWithState([{ name: 'ci', kind: 'ack', target: 'github:acme' }], [moved]), [
        { name: 'ci', kind: 'ack', target: 'github:acme' },
      ]);
      assert.deepEqual(
        consumersWithState([{ name: 'ci', kind: 'ack', target: 'github:acme', unreadable: true }], [moved]),
        [moved],
      );
    },
  );
});
