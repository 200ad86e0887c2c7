import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Signs } from '../../../functions/core/delivery/signs.ts';
import type { Consumer } from '../../../functions/core/consumers/consumer-state.ts';
import { T0 } from '../../fakes/tokens.ts';
import { PROMOTED, judge, said, ROLE, reader } from './evidence-cases.ts';

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
