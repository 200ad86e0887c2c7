import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { consumersWithState } from '../../../functions/core/delivery/deliveries.ts';
import {
  evidenceFor,
  pendingConsumerText,
  type Judgement,
  type Reader,
  type Signs,
} from '../../../functions/core/delivery/evidence.ts';
import { DEFAULT_POLICY, type Policy } from '../../../functions/core/policy/policy.ts';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Consumer, Delivery } from '../../../functions/core/consumers/consumer-state.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const NOW = T0 + 24 * HOUR;
const PROMOTED = T0 + HOUR;
const CURRENT: Credential = {
  id: 'v2',
  versionId: 'v2',
  handle: 'h2',
  origin: 'minted',
  state: 'current',
  bornAt: T0,
  promotedAt: PROMOTED,
};
const OLD: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'previous',
  supersededAt: PROMOTED,
};
const PROVEN: Delivery = {
  credentialId: 'v2',
  promotedAt: PROMOTED,
  state: 'proven',
  tries: 0,
  provenAt: T0 + 2 * HOUR,
};
const SILENT: Signs = { issuer: undefined, readers: [] };

function judge(
  evidence: Policy['evidence'],
  consumers: readonly Consumer[],
  signs: Partial<Signs> = {},
  now = NOW,
): Judgement {
  const token: Token = aToken({
    policy: { ...DEFAULT_POLICY, evidence },
    credentials: [OLD, CURRENT],
    ...(consumers.length > 0 && { consumers }),
  });
  return evidenceFor(token, OLD, { ...SILENT, ...signs }, now);
}

function said(judgement: Judgement): string {
  return judgement.outcome === 'moved'
    ? `${judgement.evidence.strength}: ${judgement.evidence.grounds.map((one) => `${one.by} ${one.what}`).join('; ')}`
    : judgement.pendingConsumers.map(pendingConsumerText).join('; ');
}

const usedAt = (at: number | undefined): Partial<Signs> => ({
  issuer: { listed: true, lastUsedAt: at, every: 10 * MINUTE },
});
const ECS: Consumer = { name: 'api', kind: 'ecs', target: 'prod/api' };
const ROLE: Consumer = { name: 'worker', kind: 'role', target: 'worker' };
const ACK: Consumer = { name: 'team', kind: 'ack', target: 'team-billing' };
const SERVICE: Consumer = { name: 'app', kind: 'service', target: 'app' };
const reader = (principal: string, more: Partial<Reader> = {}): Reader => ({
  principal,
  readAt: T0 + 3 * HOUR,
  versionId: 'v2',
  ...more,
});

describe('strong evidence', () => {
  it('is a last use longer ago than quiet and the step in which the issuer counts', () => {
    assert.equal(
      said(judge('last-used', [], usedAt(NOW - 3 * HOUR))),
      'strong: issuer the issuer saw its last use 2026-01-06T06:00:00Z',
    );
    assert.equal(
      said(judge('last-used', [], usedAt(undefined))),
      'strong: issuer the issuer shows no use of it',
    );
  });

  it('is awaited while the last use is younger, and asked for again when it may be there', () => {
    const waiting = judge('last-used', [], usedAt(NOW - HOUR));
    assert.equal(said(waiting), 'issuer: it was last used 2026-01-06T08:00:00Z');
    assert.equal(waiting.outcome === 'waiting' && waiting.lookAt, NOW + HOUR);
    const soon = judge('last-used', [], usedAt(NOW - 2 * HOUR));
    assert.equal(soon.outcome === 'waiting' && soon.lookAt, NOW + 10 * MINUTE);
  });

  it('that is missing names who read the old value last, where a trail knows, and none who has read the new one', () => {
    const readers = [
      reader('arn:aws:iam::111122223333:role/moved'),
      reader('arn:aws:iam::111122223333:role/batch', { versionId: 'v1', from: '10.2.0.0/16' }),
      { principal: 'arn:aws:iam::111122223333:role/who', readAt: T0 + 4 * HOUR },
    ];
    const used = { ...usedAt(NOW - HOUR), readers };
    assert.equal(
      said(judge('last-used', [], used)),
      'issuer: it was last used 2026-01-06T08:00:00Z; arn:aws:iam::111122223333:role/batch: it has not read the new version (last read 2026-01-05T12:00:00Z from 10.2.0.0/16)',
    );
    const many = Array.from({ length: 9 }, (_, index) =>
      reader(`arn:aws:iam::111122223333:role/r${index}`, { versionId: 'v1', readAt: T0 + index * MINUTE }),
    );
    const named = judge('last-used', [], { ...used, readers: many });
    assert.deepEqual(
      named.outcome === 'waiting' && named.pendingConsumers.map((one) => one.who.split('/').at(-1)),
      ['issuer', 'r8', 'r7', 'r6', 'r5', 'r4'],
    );
    assert.match(
      said(judge('last-used', [], { ...usedAt(NOW - 3 * HOUR), readers })),
      /^strong: issuer/,
      'who read is no obstacle to what the issuer saw',
    );
    assert.doesNotMatch(
      said(judge('all', [{ ...ROLE, target: 'batch' }], used)),
      /arn:aws/,
      'a declared role is named once, as declared',
    );
  });

  it('is none from a list that leaves the credential out, unless its value is refused for good', () => {
    const missing = judge('last-used', [], {
      issuer: { every: 10 * MINUTE, listed: false, isRefused: false },
    });
    assert.equal(
      said(missing),
      "issuer: the issuer's list does not show it, so nothing tells whether it is used",
    );
    assert.equal(missing.outcome === 'waiting' && missing.lookAt, NOW + 10 * MINUTE);
    assert.equal(
      said(
        judge('all', [{ ...ECS, delivery: PROVEN }], {
          issuer: { every: 10 * MINUTE, listed: false, isRefused: false },
        }),
      ),
      said(missing),
      'what consumers did does not stand for it',
    );
    assert.equal(
      said(judge('last-used', [], { issuer: { every: 10 * MINUTE, listed: false, isRefused: true } })),
      'strong: issuer its list does not show it, and it refuses the value',
    );
  });

  it('takes a question of our own for no use, and waits until one that it may hide would be over', () => {
    const own = (at: number): Partial<Signs> => ({
      issuer: { every: 10 * MINUTE, listed: true, lastUsedAt: at, isOwn: true },
    });
    assert.equal(
      said(judge('last-used', [], own(NOW - HOUR))),
      'issuer: Keyturn itself asked about it 2026-01-06T08:00:00Z, which may hide another use',
    );
    assert.equal(
      said(judge('last-used', [], own(NOW - 3 * HOUR))),
      'strong: issuer the issuer saw no use of it since Keyturn asked about it 2026-01-06T06:00:00Z',
    );
  });

  it('is not asked of an issuer that does not tell, nor by a policy of time', () => {
    assert.equal(said(judge('last-used', [])), 'time: ');
    assert.equal(said(judge('time', [], usedAt(NOW))), 'time: ');
  });
});

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

  it('holds the old credential under every policy while it has not got the new value, with the reason', () => {
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

describe('a consumer that is watched', () => {
  it('has moved when it read the new version, in whatever session', () => {
    for (const principal of [
      'arn:aws:iam::111122223333:role/team/worker',
      'arn:aws:sts::111122223333:assumed-role/worker/i-0abc',
      'worker',
    ])
      assert.match(
        said(judge('consumers', [ROLE], { readers: [reader(principal)] })),
        /^weak: worker it read the new version/,
      );
    assert.match(
      said(
        judge('consumers', [ROLE], { readers: [reader('arn:aws:sts::999988887777:assumed-role/worker/s')] }),
      ),
      /^worker: nothing/,
      'a bare name is one of the own account',
    );
    const byArn: Consumer = { ...ROLE, target: 'arn:aws:iam::111122223333:role/worker' };
    assert.match(
      said(
        judge('consumers', [byArn], { readers: [reader('arn:aws:sts::111122223333:assumed-role/worker/s')] }),
      ),
      /^weak/,
    );
    assert.match(
      said(
        judge('consumers', [byArn], { readers: [reader('arn:aws:sts::999988887777:assumed-role/worker/s')] }),
      ),
      /^worker: nothing/,
    );
  });

  it('lags while it read the old one, and is named with when and from where', () => {
    const readers = [
      reader('worker', { versionId: 'v1', from: '10.0.0.0/16' }),
      reader('worker', { versionId: 'v1', readAt: T0, from: '10.9.0.0/16' }),
      reader('someone-else'),
    ];
    assert.equal(
      said(judge('consumers', [ROLE], { readers })),
      'worker: it has not read the new version (last read 2026-01-05T12:00:00Z from 10.0.0.0/16)',
    );
    assert.equal(said(judge('consumers', [ROLE])), 'worker: nothing shows that it uses the new version');
  });

  it('whose version is not known has moved by a read since the promotion', () => {
    const since = (readAt: number): Partial<Signs> => ({ readers: [{ principal: 'worker', readAt }] });
    assert.match(said(judge('consumers', [ROLE], since(PROMOTED + 1))), /^weak/);
    assert.match(said(judge('consumers', [ROLE], since(PROMOTED - 1))), /^worker: it has not read/);
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

describe('a policy', () => {
  it('of consumers needs every one of them; with none declared nothing can show a move', () => {
    assert.match(said(judge('consumers', [{ ...ECS, delivery: PROVEN }, ROLE])), /^worker: nothing/);
    assert.equal(
      said(judge('consumers', [])),
      'consumers: none is declared, so nothing can show that they moved',
    );
  });

  it('of all needs the issuer and the consumers, and is strong', () => {
    const moved = [{ ...ECS, delivery: PROVEN }];
    assert.match(said(judge('all', moved, usedAt(T0))), /^strong: issuer .*; api delivered/);
    assert.match(said(judge('all', moved, usedAt(NOW))), /^issuer: it was last used/);
    assert.match(said(judge('all', [ROLE], usedAt(T0))), /^worker: nothing/);
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

  it('does so until a person says that it has moved, and what was said of another declaration does not count', () => {
    const moved: Consumer = { ...UNREAD, acknowledged: { credentialId: 'v2', at: PROMOTED, by: 'ana' } };
    assert.match(said(judge('last-used', [moved], usedAt(undefined))), /^strong: /);
    assert.deepEqual(consumersWithState([{ name: 'ci', kind: 'ack', target: 'github:acme' }], [moved]), [
      { name: 'ci', kind: 'ack', target: 'github:acme' },
    ]);
    assert.deepEqual(
      consumersWithState([{ name: 'ci', kind: 'ack', target: 'github:acme', unreadable: true }], [moved]),
      [moved],
    );
  });
});
