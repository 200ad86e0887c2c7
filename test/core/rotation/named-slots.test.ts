import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'node:test';
import { chooseSlot, isIn, needsSlot, type SlotsSeen } from '../../../functions/core/rotation/named-slots.ts';
import type { Attempt, Mint } from '../../../functions/core/token/attempt.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const A = 'broker/users/svc-a';
const B = 'broker/users/svc-b';
const SLOTS = [A, B];
const OWN = 'v-now';

const held = (handle: string | undefined, state: Credential['state'] = 'current'): Credential => ({
  id: `id of ${handle}`,
  handle,
  origin: 'minted',
  state,
});
const listed = (handle: string) => ({ handle, state: 'active', active: true }) as const;
const seeing = (change: Partial<SlotsSeen> = {}): SlotsSeen => ({
  attemptId: OWN,
  facts: {},
  listed: [],
  named: [],
  now: T0 + HOUR,
  ...change,
});
const attempt = (id: string, mints: Partial<Mint>[], change: Partial<Attempt> = {}): Attempt => ({
  id,
  cause: 'due',
  state: 'open',
  openedAt: T0,
  deadline: T0 + HOUR,
  mints: mints.map((mint) => ({ at: T0, ...mint })),
  ...change,
});

describe('the slot that the next credential is for', () => {
  it('is the one that holds nothing', () => {
    assert.deepEqual(chooseSlot(aToken({ credentials: [] }), SLOTS, seeing()), { slot: A });
    const token = aToken({ credentials: [held(`${A}@1`)] });
    assert.deepEqual(chooseSlot(token, SLOTS, seeing({ listed: [listed(`${A}@1`)] })), { slot: B });
  });

  it('is none with a credential that is not over, in whichever state, also where no list shows it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('current', 'previous', 'rolling-back', 'revoking'),
        fc.constantFrom('current', 'previous', 'rolling-back', 'revoking'),
        fc.boolean(),
        (first, second, isListed) => {
          const credentials = [held(`${A}@1`, first), held(`${B}@2`, second)];
          const seen = seeing({ listed: isListed ? [listed(`${A}@1`), listed(`${B}@2`)] : [] });
          const choice = chooseSlot(aToken({ credentials }), SLOTS, seen);
          assert.ok('none' in choice && choice.none.includes('when an old one is revoked'));
        },
      ),
    );
  });

  it('is one again in which everything is over', () => {
    const credentials = [held(`${A}@1`, 'ended'), held(`${B}@2`)];
    assert.deepEqual(chooseSlot(aToken({ credentials }), SLOTS, seeing()), { slot: A });
  });

  it('is none that holds what the record does not know as active, and the sentence says what to do', () => {
    for (const credentials of [[held(`${A}@1`)], [held(`${A}@1`), held(`${B}@7`, 'ended')]]) {
      const choice = chooseSlot(
        aToken({ credentials }),
        SLOTS,
        seeing({ listed: [listed(`${A}@1`), listed(`${B}@7`)] }),
      );
      assert.ok('none' in choice);
      assert.match(choice.none, /^broker\/users\/svc-b is there already.*Remove it.*or name another one/);
    }
  });

  it("is not the one of a value that its record does not name yet, which is no stranger's", () => {
    const token = aToken({ credentials: [held(undefined)] });
    const both = { listed: [listed(`${A}@1`), listed(`${B}@2`)], named: [`${A}@1`] };
    const choice = chooseSlot(token, SLOTS, seeing(both));
    assert.ok('none' in choice && choice.none.startsWith(B));
    assert.deepEqual(chooseSlot(token, SLOTS, seeing({ listed: [], named: [`${A}@1`] })), { slot: B });
  });

  it('is not one in which an earlier attempt may have left something, once that was sent', () => {
    const choiceAfter = (mint: Partial<Mint>, change: Partial<Attempt>) =>
      chooseSlot(
        aToken({
          credentials: [],
          attempts: [attempt('v-old', [mint], change), attempt(OWN, [{ slot: A, unsent: true }])],
        }),
        SLOTS,
        seeing(),
      );
    assert.deepEqual(choiceAfter({ slot: A }, { state: 'aborted' }), { slot: B });
    assert.deepEqual(choiceAfter({ slot: A, unsent: true }, { state: 'aborted' }), { slot: A });
    assert.deepEqual(choiceAfter({ slot: A }, { state: 'aborted', tidy: true }), { slot: A });
  });

  it('tells names apart of which one begins another', () => {
    assert.ok(!isIn(A, `${A}bc@1`));
    assert.ok(isIn(A, `${A}@1`));
    assert.ok(!isIn(A, undefined));
    const token = aToken({ credentials: [held(`${A}bc@1`)] });
    assert.deepEqual(chooseSlot(token, SLOTS, seeing({ listed: [listed(`${A}bc@1`)] })), { slot: A });
  });
});

describe('another token', () => {
  it('needs a slot that an attempt of it claimed, sent or not, or in which it has a credential', () => {
    assert.ok(needsSlot(aToken({ attempts: [attempt('v', [{ slot: B, unsent: true }])] }), B));
    assert.ok(needsSlot(aToken({ attempts: [attempt('v', [{ slot: B }], { state: 'aborted' })] }), B));
    assert.ok(
      !needsSlot(aToken({ attempts: [attempt('v', [{ slot: B }], { state: 'aborted', tidy: true })] }), B),
    );
    for (const state of ['current', 'previous', 'rolling-back', 'revoking'] as const)
      assert.ok(needsSlot(aToken({ credentials: [held(`${B}@1`, state)] }), B), state);
    assert.ok(!needsSlot(aToken({ credentials: [held(`${B}@1`, 'ended'), held(`${A}@1`)] }), B));
  });

  it('needs none once its secret is gone', () => {
    const credentials = [held(`${B}@1`)];
    assert.ok(!needsSlot(aToken({ credentials, deletion: { at: T0, gone: true } }), B));
    assert.ok(needsSlot(aToken({ credentials, deletion: { at: T0, gone: false } }), B));
  });
});
