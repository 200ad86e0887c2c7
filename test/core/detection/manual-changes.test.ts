import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notingHand, notingRotation } from '../../../functions/core/detection/manual-changes.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const V1: Credential = { id: 'v1', versionId: 'v1', handle: 'h1', origin: 'minted', state: 'previous' };
const V2: Credential = { id: 'v2', versionId: 'v2', handle: 'h2', origin: 'minted', state: 'current' };

function after(...credentials: Credential[]) {
  return aToken({ credentials });
}

function noted(before: Credential[], now: Credential[]): (string | undefined)[] {
  return notingHand(after(...before), after(...now), T0).noted.map((one) => one.detail.split(',')[1]?.trim());
}

test('a value stored by a person, or a label moved by one, is a change outside of a rotation', () => {
  const stored: Credential = {
    id: 'v3',
    versionId: 'v3',
    handle: 'h3',
    origin: 'adopted',
    state: 'current',
  };
  assert.deepEqual(noted([V1, V2], [V1, { ...V2, state: 'previous' }, stored]), [
    'but a person or a program stored the version v3',
  ]);
  assert.deepEqual(
    noted(
      [V1, V2],
      [
        { ...V1, state: 'current' },
        { ...V2, state: 'previous' },
      ],
    ),
    ['but the label AWSCURRENT was moved to the version v1'],
  );
});

test("Keyturn's own versions, rollbacks, first values and a credential stored again are none", () => {
  const ours: Credential = { id: 'v3', versionId: 'v3', handle: 'h3', origin: 'minted', state: 'current' };
  const old: Credential = { ...V2, state: 'previous' };
  assert.deepEqual(noted([V1, V2], [V1, old, ours]), []);
  assert.deepEqual(noted([{ ...V1, state: 'rolling-back' }, V2], [{ ...V1, state: 'current' }, old]), []);
  assert.deepEqual(noted([], [{ ...ours, origin: 'adopted' }]), []);
  assert.deepEqual(noted([V1, V2], [V1, V2]), []);
  assert.deepEqual(noted([V2], [{ ...V2, id: 'v9', versionId: 'v9', origin: 'adopted' }]), []);
});

test(
  'a version that was current when it was first seen, in the middle of a rotation, is one that was made ' +
    'and not one that a label was moved to',
  () => {
    const held: Credential = { ...V1, shownCurrent: true };
    const old: Credential = { ...V2, state: 'previous' };
    assert.deepEqual(noted([held, V2], [{ ...V1, state: 'current' }, old]), []);
    assert.deepEqual(
      noted([{ ...held, origin: 'adopted' }, V2], [{ ...V1, origin: 'adopted', state: 'current' }, old]),
      ['but a person or a program stored the version v1'],
    );
    assert.deepEqual(noted([V1, V2], [{ ...V1, state: 'current' }, old]), [
      'but the label AWSCURRENT was moved to the version v1',
    ]);
  },
);

test('what a trail told lately, with a name, is not overwritten', () => {
  const moved = after({ ...V1, state: 'current' }, { ...V2, state: 'previous' });
  const told = {
    kind: 'out-of-band-change',
    subject: 'value',
    severity: 'warning',
    detail: 'role/anna did',
    seenAt: T0 - HOUR,
  } as const;
  const known = { ...moved, noted: [told] };
  assert.equal(notingHand(after(V1, V2), known, T0), known);
});

test('rotation that is off, or goes to a foreign function, is a finding until it is as it should be', () => {
  const off = notingRotation(aToken(), { isOn: false, foreign: undefined }, T0);
  assert.deepEqual(
    off.noted.map((one) => [one.kind, one.severity, one.until]),
    [['rotation-disabled', 'warning', undefined]],
  );
  assert.equal(notingRotation(off, { isOn: false, foreign: undefined }, T0 + HOUR), off);
  assert.deepEqual(notingRotation(off, { isOn: true, foreign: undefined }, T0).noted, []);
  assert.deepEqual(
    notingRotation(
      aToken(),
      { isOn: true, foreign: 'arn:aws:lambda:eu-west-1:444455556666:function:x' },
      T0,
    ).noted.map((one) => one.severity),
    ['critical'],
  );
});
