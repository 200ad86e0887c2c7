import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import {
  InstallationRecord,
  NEW_INSTALLATION_RECORD,
} from '../../../functions/core/inventory/installation.ts';
import { DEFAULT_POLICY, Policy, policyAfter } from '../../../functions/core/policy/policy.ts';
import {
  READER,
  isBeyond,
  kept,
  keptApart,
  requireReader,
  unknownMembers,
} from '../../../functions/core/basics/record.ts';
import { Token } from '../../../functions/core/token/token.ts';
import { withFindings } from '../../../functions/core/assessment/with-findings.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { T0, aFinding, aToken } from '../../fakes/tokens.ts';

const FINDING = {
  kind: 'previous-credential-in-use',
  subject: 'h1',
  severity: 'critical',
  state: 'open',
  detail: 'x',
  openedAt: T0,
  seenAt: T0,
  sequence: 1,
} as const;
const NEWS = { ...FINDING, kind: 'from-later', subject: 'n' };

describe('a record that a later version wrote', () => {
  it('is refused by number, with both numbers, and read up to the own one', () => {
    requireReader(READER, 'prod/x');
    requireReader(READER - 1, 'prod/x');
    assert.throws(() => requireReader(READER + 6, 'prod/x'), {
      code: 'record-invalid',
      message: new RegExp(
        `prod/x needs a Keyturn that reads records of layout ${READER + 6} or later, and this one ` +
          `reads ${READER}:`,
      ),
    });
    for (const damaged of [undefined, null, '2', {}])
      assert.throws(() => requireReader(damaged, 'prod/x'), {
        code: 'record-invalid',
        message: /"minReader"/,
      });
  });

  it('is refused by every read and write of the inventory', async () => {
    const inventory = new MemoryInventory();
    const token = aToken();
    await inventory.save(token, 0);
    inventory.raise(token.id, READER + 1);
    await assert.rejects(inventory.load(token.id), { code: 'record-invalid' });
    await assert.rejects(inventory.save(token, 1), { code: 'record-invalid' });
  });
});

describe('what is stored', () => {
  const Inner = kept({ at: z.number() });
  const Outer = kept({ name: z.string(), inner: Inner, list: z.array(Inner) });

  it('keeps the members that a schema does not name, at every level, and needs those that it names', () => {
    const given = { name: 'a', inner: { at: 1, x: [1] }, list: [{ at: 2, y: { z: 1 } }], more: null };
    assert.deepEqual(Outer.parse(given), given);
    assert.deepEqual(unknownMembers(Outer, given), { more: null });
    for (const wrong of [
      { ...given, name: 1 },
      { ...given, inner: {} },
    ])
      assert.equal(Outer.safeParse(wrong).success, false);
  });

  it('in words that are not known is told from what is damaged', () => {
    const Words = kept({ kind: z.enum(['a', 'b']), at: z.number() });
    assert.ok(isBeyond(Words, { kind: 'c', at: 1 }));
    for (const other of [
      { kind: 'a', at: 1 },
      { kind: 'c', at: 'x' },
      { kind: 7, at: 1 },
      { at: 1 },
      'c!',
      null,
    ])
      assert.equal(isBeyond(Words, other), false, JSON.stringify(other));
  });

  it(
    'in words that are not known is kept apart, and comes back to ' +
      'its place in a version that knows them',
    () => {
      const of = (kinds: [string, ...string[]]) =>
        keptApart(kept({ list: z.array(kept({ kind: z.enum(kinds) })), mode: z.enum(kinds) }), {
          lists: { list: kept({ kind: z.enum(kinds) }) },
          words: { mode: { of: z.enum(kinds), instead: { mode: 'a' } } },
        });
      const [early, late] = [of(['a', 'b']), of(['a', 'b', 'c'])];
      const given = { list: [{ kind: 'c', x: 1 }, { kind: 'b' }], mode: 'c' };
      const seen = early.parse(given);
      assert.deepEqual(seen, {
        list: [{ kind: 'b' }],
        mode: 'a',
        later: { list: [{ kind: 'c', x: 1 }], mode: 'c' },
      });
      assert.deepEqual(early.parse(JSON.parse(JSON.stringify(seen))), seen, 'again and again');
      assert.deepEqual(late.parse({ ...seen, list: [{ kind: 'a' }] }), {
        list: [{ kind: 'a' }, { kind: 'c', x: 1 }],
        mode: 'c',
      });
      assert.equal(early.safeParse({ list: 'no list', mode: 'a' }).success, false);
    },
  );
});

describe('a token with findings, notes, facts and reviews of kinds that are not known', () => {
  const record = Token.parse({
    ...aToken(),
    findings: [FINDING, NEWS],
    noted: [{ kind: 'from-later', subject: '', severity: 'warning', detail: 'x', seenAt: T0 }],
    outbox: [
      { ...aFinding(), change: 'postponed' },
      { ...aFinding(), type: 'forecast' },
    ],
    reviews: [{ at: T0, request: 1, by: 'ana', decision: 'deferred' }],
  });

  it('is read without them, and none of them is over or told', () => {
    assert.deepEqual(
      [record.findings.map((one) => one.kind), record.noted, record.outbox, record.reviews],
      [['previous-credential-in-use'], [], [], []],
    );
    const assessed = withFindings(record, undefined, T0 + 1);
    assert.equal(
      assessed.outbox.some((one) => JSON.stringify(one).includes('from-later')),
      false,
    );
    const text = JSON.stringify(Token.parse(JSON.parse(JSON.stringify(assessed))));
    for (const kept of ['from-later', 'postponed', 'forecast', 'deferred'])
      assert.ok(text.includes(kept), kept);
  });

  it('and the record of an installation alike', () => {
    const installationRecord = InstallationRecord.parse({ ...NEW_INSTALLATION_RECORD, findings: [NEWS] });
    assert.deepEqual(installationRecord.findings, []);
    assert.ok(JSON.stringify(installationRecord).includes('from-later'));
  });

  it('is refused where one is damaged, and not only new', () => {
    assert.throws(() => Token.parse({ ...aToken(), findings: [{ ...NEWS, sequence: 'x' }] }), /sequence/);
  });
});

describe('a policy in words that are not known', () => {
  it('stands for what acts least, and is kept', () => {
    const later = {
      ...DEFAULT_POLICY,
      evidence: 'telemetry',
      onMaxGrace: 'ask',
      onInactive: 'call',
      onMaxAge: 'negotiate',
      onContainmentDeadline: 'wait',
      sensitivity: 'wild',
      tempo: 3,
    };
    const { later: apart, ...read } = Object.fromEntries(Object.entries(Policy.parse(later)));
    assert.deepEqual(read, {
      ...DEFAULT_POLICY,
      evidence: 'all',
      onMaxGrace: 'keep',
      onInactive: 'notify',
      onMaxAge: 'page',
      onContainmentDeadline: 'page',
      sensitivity: 'normal',
      tempo: 3,
    });
    assert.deepEqual(apart, {
      evidence: 'telemetry',
      onMaxGrace: 'ask',
      onInactive: 'call',
      onMaxAge: 'negotiate',
      onContainmentDeadline: 'wait',
      sensitivity: 'wild',
    });
    assert.deepEqual(
      policyAfter(Policy.parse(later), DEFAULT_POLICY),
      { ...DEFAULT_POLICY, tempo: 3 },
      'tags read anew win over words that were kept',
    );
    assert.equal(policyAfter(undefined, DEFAULT_POLICY), DEFAULT_POLICY);
  });
});
