import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Signs } from '../../../functions/core/delivery/signs.ts';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';
import { NOW, PROVEN, judge, said, usedAt, ECS, ROLE, reader } from './evidence-cases.ts';

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

  it(
    'that is missing names who read the old value last, where a trail knows, and none who has read the ' +
      'new one',
    () => {
      const readers = [
        reader('arn:aws:iam::111122223333:role/moved'),
        reader('arn:aws:iam::111122223333:role/batch', { versionId: 'v1', from: '10.2.0.0/16' }),
        { principal: 'arn:aws:iam::111122223333:role/who', readAt: T0 + 4 * HOUR },
      ];
      const used = { ...usedAt(NOW - HOUR), readers };
      assert.equal(
        said(judge('last-used', [], used)),
        'issuer: it was last used 2026-01-06T08:00:00Z; arn:aws:iam::111122223333:role/batch: it has not ' +
          'read the new version (last read 2026-01-05T12:00:00Z from 10.2.0.0/16)',
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
    },
  );

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
