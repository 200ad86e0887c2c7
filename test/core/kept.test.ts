import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assessGenerations } from '../../functions/core/assess-generations.ts';
import { isKept, keepingLabel, wasSetAside, withKept } from '../../functions/core/kept.ts';
import { pinOf, setAsideOf } from '../../functions/core/names.ts';
import { SEEN_WITHIN } from '../../functions/core/staleness.ts';
import { DAY } from '../../functions/core/time.ts';
import type { Generation } from '../../functions/core/token.ts';
import { T0, aToken } from '../fakes/tokens.ts';

const OLD: Generation = { id: 'v1', versionId: 'v1', origin: 'minted', state: 'previous', supersededAt: T0 };
const ASIDE = setAsideOf('v1');

function after(one: Generation, labels: readonly string[], now = T0): Generation | undefined {
  return withKept(aToken({ generations: [one] }), new Map([['v1', labels]]), now).generations[0];
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

  it('keeps nothing that is current, dying or dead, and nothing whose end somebody asked for', () => {
    for (const state of ['current', 'revoking', 'restoring', 'dead'] as const)
      assert.equal(after({ ...OLD, state }, ['STABLE'])?.kept, undefined);
    assert.ok(!isKept({ ...OLD, condemned: true, kept: { label: ASIDE, since: T0 } }));
  });

  it('says why an old credential lives on, also of one that was given up: no revoke is refused', () => {
    const kept: Generation = {
      ...OLD,
      handle: 'h1',
      givenUp: true,
      endingSince: T0,
      kept: { label: 'STABLE', since: T0 },
    };
    const kinds = (one: Generation): string[] =>
      assessGenerations(aToken({ generations: [one] }), T0 + 90 * DAY).map(({ kind }) => kind);
    assert.deepEqual(kinds(kept), ['version-kept']);
    const { kept: _kept, ...free } = kept;
    assert.deepEqual(kinds(free), ['laggards', 'revoke-refused']);
  });

  it('leaves an old credential to its end when it goes, and lets one go that was set aside', () => {
    const gone = T0 + SEEN_WITHIN;
    assert.deepEqual(after({ ...OLD, kept: { label: 'STABLE', since: T0 } }, ['AWSPREVIOUS'], gone), OLD);
    assert.equal(after({ ...OLD, kept: { label: ASIDE, since: T0 } }, [], gone), undefined);
    assert.deepEqual(after({ ...OLD, condemned: true, kept: { label: ASIDE, since: T0 } }, [], gone), {
      ...OLD,
      condemned: true,
    });
  });

  it('is not taken for gone while it may not be seen yet', () => {
    const aside: Generation = { ...OLD, kept: { label: ASIDE, since: T0 } };
    assert.equal(after(aside, ['AWSPENDING'], T0 + SEEN_WITHIN - 1), aside);
  });

  it('changes no record that it finds as it is', () => {
    const token = aToken({ generations: [OLD] });
    assert.equal(withKept(token, new Map([['v1', ['AWSPREVIOUS']]]), T0), token);
  });
});
