import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assessCredentials } from '../../../functions/core/assessment/assess-credentials.ts';
import { isKept, keepingLabel, wasSetAside, withKept } from '../../../functions/core/token/kept-versions.ts';
import { pinOf, setAsideOf } from '../../../functions/core/basics/names.ts';
import { SEEN_WITHIN } from '../../../functions/core/token/staleness.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const OLD: Credential = { id: 'v1', versionId: 'v1', origin: 'minted', state: 'previous', supersededAt: T0 };
const ASIDE = setAsideOf('v1');

function after(one: Credential, labels: readonly string[], now = T0): Credential | undefined {
  return withKept(aToken({ credentials: [one] }), new Map([['v1', labels]]), now).credentials[0];
}

describe('a label that keeps a version', () => {
  it('is none of AWS and no pin', () => {
    assert.equal(keepingLabel(['AWSPREVIOUS', pinOf('v1'), 'AWSPENDING', 'AWSCURRENT']), undefined);
    assert.equal(keepingLabel(['AWSPREVIOUS', 'STABLE']), 'STABLE');
    assert.equal(keepingLabel([ASIDE]), ASIDE);
  });

  it('is noted with an old credential, once, and a new one anew', () => {
    const kept = after(OLD, ['AWSPREVIOUS', 'STABLE']);
    assert.deepEqual(kept, { ...OLD, kept: { label: 'STABLE', since: T0 } });
    assert.ok(kept && isKept(kept) && !wasSetAside(kept));
    assert.equal(after(kept, ['STABLE'], T0 + 1), kept);
    assert.deepEqual(after(kept, ['OTHER'], T0 + 1)?.kept, { label: 'OTHER', since: T0 + 1 });
  });

  it('keeps nothing current, being revoked or ended, nor anything that a person asked to end', () => {
    for (const state of ['current', 'revoking', 'rolling-back', 'ended'] as const)
      assert.equal(after({ ...OLD, state }, ['STABLE'])?.kept, undefined);
    assert.ok(!isKept({ ...OLD, withoutGrace: true, kept: { label: ASIDE, since: T0 } }));
  });

  it('says why an old credential lives on, also of one that was given up: no revoke is refused', () => {
    const kept: Credential = {
      ...OLD,
      handle: 'h1',
      givenUp: true,
      endingSince: T0,
      kept: { label: 'STABLE', since: T0 },
    };
    const kinds = (one: Credential): string[] =>
      assessCredentials(aToken({ credentials: [one] }), T0 + 90 * DAY).map(({ kind }) => kind);
    assert.deepEqual(kinds(kept), ['version-kept']);
    const { kept: _kept, ...free } = kept;
    assert.deepEqual(kinds(free), ['previous-credential-in-use', 'revocation-blocked']);
  });

  it('leaves an old credential to its end when it goes, and lets one go that was set aside', () => {
    const gone = T0 + SEEN_WITHIN;
    assert.deepEqual(after({ ...OLD, kept: { label: 'STABLE', since: T0 } }, ['AWSPREVIOUS'], gone), OLD);
    assert.equal(after({ ...OLD, kept: { label: ASIDE, since: T0 } }, [], gone), undefined);
    assert.deepEqual(after({ ...OLD, withoutGrace: true, kept: { label: ASIDE, since: T0 } }, [], gone), {
      ...OLD,
      withoutGrace: true,
    });
  });

  it('is not taken for gone while it may not be seen yet', () => {
    const aside: Credential = { ...OLD, kept: { label: ASIDE, since: T0 } };
    assert.equal(after(aside, ['AWSPENDING'], T0 + SEEN_WITHIN - 1), aside);
  });

  it('changes no record that it finds as it is', () => {
    const token = aToken({ credentials: [OLD] });
    assert.equal(withKept(token, new Map([['v1', ['AWSPREVIOUS']]]), T0), token);
  });
});
