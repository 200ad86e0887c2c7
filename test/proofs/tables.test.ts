import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { World, type WorldOptions } from '../world/world.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { inTurn } from '../extent.ts';
import { CLIENT, NAME, SHORT, SUBJECTS, bare, drive, shareResource, worldOf, type Subject } from './home.ts';
import { Witness } from './witness.ts';

/** How often each property is tried; more finds more, at half a second each. */
const RUNS = Number(process.env['PROOF_RUNS'] ?? 3);
const SEED = Number(process.env['PROOF_SEED'] ?? 20_260_105);
/** About as many calls as eleven hours of a life make: three rotations and three retirements. */
const CALLS = 420;

/** A rebuild takes two passes of reconcile; after it comes a whole grace. */
const TO_RECOVER = 5 * HOUR;

interface Happening {
  /** The call before which it happens. */
  readonly call: number;
  readonly what: (world: World) => void | Promise<void>;
}

interface Life {
  readonly world: World;
  /** When the last happening came. */
  readonly happenedAt: () => number;
  readonly arn: string;
  readonly witness: Witness;
}

/** A token in use, with both schedules; the happenings come at their calls. */
async function life(
  subject: Subject,
  happenings: readonly Happening[],
  options: Partial<WorldOptions> & { plain?: boolean } = {},
): Promise<Life> {
  const witness = new Witness();
  let happenedAt = 0;
  const plan = happenings.map(({ call }) => ({ index: call, fault: 'console-rotates' as const }));
  const disturb = async (world: World): Promise<void> => {
    const index = world.line.calls.length - 1;
    happenedAt = world.clock.now();
    for (const one of happenings) if (one.call === index) await one.what(world);
  };
  const { plain, ...rest } = options;
  const world = worldOf(subject, { wrap: witness.wrap, plan, disturb, ...rest });
  await world.createAdminSecret([NAME]);
  const json = await world.issuer.createByHand(NAME);
  const arn = await world.createToken(NAME, { value: plain === true ? bare(json) : json, tags: SHORT });
  witness.watch(world, arn, NAME);
  world.startSchedules();
  return { world, arn, witness, happenedAt: () => happenedAt };
}

async function verdictOn(made: Life, length: number): Promise<string[]> {
  const { world, witness, happenedAt } = made;
  await world.clock.advanceTo(world.startedAt + length);
  await world.clock.advanceTo(Math.max(world.clock.now(), happenedAt() + TO_RECOVER));
  for (let round = 0; round < 3; round++) {
    const wrong = await witness.verdict();
    if (!(await answerQuestions(made))) return wrong;
  }
  return witness.verdict();
}

/**
 * What only the lost record knew, Keyturn asks people: of a value in AWSPENDING that nothing shows to be its
 * own, and of an old one that is unreadable by now. Their owner runs what the findings say. Resolves to
 * whether anything was asked.
 */
async function answerQuestions({ world, arn }: Life): Promise<boolean> {
  const record = await world.record(arn);
  const asked = (record?.findings ?? []).filter(
    (one) => one.state === 'open' && (one.kind === 'version-kept' || one.kind === 'credential-unmanaged'),
  );
  for (const { kind, subject, detail } of asked) {
    const one = record?.credentials.find(
      (credential) => credential.id === subject || credential.handle === subject,
    );
    assert.ok(one?.state === 'previous', detail);
    const head = { tokenId: tokenIdOf(arn), credentialId: one.id, notAfter: world.clock.now() + 10 * MINUTE };
    const command =
      kind === 'version-kept'
        ? ({ ...head, kind: 'revoke' } as const)
        : ({ ...head, kind: 'forget', reason: 'its value is nowhere any more' } as const);
    assert.ok(await drive(world, () => world.command(command)), `${command.kind} of ${subject}`);
  }
  if (asked.length > 0) await world.clock.advanceBy(4 * HOUR);
  return asked.length > 0;
}

async function check(
  subject: Subject,
  runs: number,
  property: (call: number) => Promise<string[]>,
): Promise<void> {
  const call = fc.integer({ min: 15, max: CALLS });
  await fc.assert(
    fc.asyncProperty(call, async (at) => {
      assert.deepEqual(
        (await property(at)).filter((text) => !isOfLostMint(subject, text)),
        [],
      );
    }),
    { numRuns: runs, seed: SEED, endOnFailure: true },
  );
}

/**
 * Where only the record knew that a mint was under way, a person has to say whose the credential is: nothing
 * else tells.
 */
function isOfLostMint(subject: Subject, text: string): boolean {
  return subject.id === 'npm-registry' && /must be Keyturn's alone|2 credentials live/.test(text);
}

function lose(world: World): void {
  world.inventory.lose();
}

/** The rows of an older day in the table of today, its mark of completeness with them. */
async function writeBack(world: World, restore: () => void): Promise<void> {
  restore();
  await world.inventory.beginRebuild(world.clock.now());
  await world.inventory.completeRebuild();
}

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`the table, ${subject.id}`, () => {
    test('lost at any call of a life', () =>
      check(subject, RUNS, async (call) =>
        verdictOn(await life(subject, [{ call, what: lose }]), 12 * HOUR),
      ));

    test('lost at any call of a life of a plain text', () =>
      check(subject, RUNS, async (call) =>
        verdictOn(await life(subject, [{ call, what: lose }], { plain: true }), 12 * HOUR),
      ));

    test('lost in every step of the rotation of a plain text, which no seal remembers', async () => {
      const whole = await life(subject, [], { plain: true });
      await whole.world.clock.advanceBy(4 * HOUR);
      const calls = whole.world.line.calls
        .filter((one) => one.during.startsWith('rotate ') && one.name === 'inventory.load')
        .map((one) => one.index);
      assert.ok(calls.length >= 3);
      for (const call of calls.slice(1, 6)) {
        const wrong = await verdictOn(
          await life(subject, [{ call, what: lose }], { plain: true }),
          12 * HOUR,
        );
        assert.deepEqual(
          wrong.filter((text) => !isOfLostMint(subject, text)),
          [],
          `before call ${call}`,
        );
      }
    });

    for (const later of [4 * HOUR, DAY]) {
      const age = later === DAY ? 'a day ago' : 'hours ago';
      test(`restored from ${age}, as a new table`, () =>
        check(subject, later === DAY ? Math.ceil(RUNS / 3) : RUNS, async (call) => {
          let restore: (() => void) | undefined;
          const made = await life(subject, [
            { call, what: (world) => void (restore = world.inventory.backup()) },
          ]);
          await made.world.clock.advanceBy(7 * HOUR + later);
          restore?.();
          return verdictOn(made, 20 * HOUR + later);
        }));

      test(`restored from ${age}, into the table itself`, () =>
        check(subject, later === DAY ? Math.ceil(RUNS / 3) : RUNS, async (call) => {
          let restore: (() => void) | undefined;
          const made = await life(subject, [
            { call, what: (world) => void (restore = world.inventory.backup()) },
          ]);
          await made.world.clock.advanceBy(7 * HOUR + later);
          if (restore) await writeBack(made.world, restore);
          return verdictOn(made, 20 * HOUR + later);
        }));
    }
  });
}

describe('a lost mint and a stranger in the same account', () => {
  test('what appeared there long after the mint is not taken for what it left', async () => {
    const subject = SUBJECTS.find((one) => one.id === 'npm-registry');
    assert.ok(subject);
    const dry = await life(subject, []);
    await dry.world.clock.advanceBy(4 * HOUR);
    const mint = dry.world.line.calls.find((one) => one.name === 'POST /-/npm/v1/tokens');
    assert.ok(mint);
    const witness = new Witness();
    const world = new World({
      ...CLIENT,
      issuer: subject.issuer({}),
      wrap: witness.wrap,
      plan: [{ index: mint.index, fault: 'dies-before' }],
    });
    await world.createAdminSecret([NAME]);
    const arn = await world.createToken(NAME, { value: await world.issuer.createByHand(NAME), tags: SHORT });
    witness.watch(world, arn, NAME);
    world.startSchedules();
    while (world.line.calls.length <= mint.index) await world.clock.advanceBy(MINUTE);
    // A mint takes effect within ten minutes, and clocks differ by a quarter of an hour at most.
    await world.clock.advanceBy(26 * MINUTE);
    const unrecognizedCredential = bare(await world.issuer.createByHand(NAME));
    await world.clock.advanceBy(8 * HOUR);
    const theirs = (await world.issuer.credentials(NAME)).find((one) => one.value === unrecognizedCredential);
    assert.ok(theirs?.live, "the stranger's credential was revoked");
    assert.deepEqual(witness.violations, []);
    const open = (await world.record(arn))?.findings.filter((one) => one.state === 'open') ?? [];
    assert.ok(
      open.some((one) => /must be Keyturn's alone/.test(one.detail)),
      'a finding should say that somebody else is there',
    );
  });
});

describe('deployed twice', () => {
  for (const subject of inTurn(SUBJECTS, import.meta.filename))
    test(`two sweeps, two reconciles and every command twice, at once, ${subject.id}`, async () => {
      const made = await life(subject, [], { queue: { disorder: true } });
      made.world.startSchedules();
      assert.deepEqual(await verdictOn(made, 12 * HOUR), []);
      assert.ok(made.witness.revoked.length >= 2);
    });
});

/** Two installations side by side, each with a token of its own, both in use. */
async function neighbours(made: {
  first: World;
  second: World;
  witness: Witness;
  names: readonly [string, string];
}): Promise<string[]> {
  const { first, second, witness, names } = made;
  const worlds = [first, second] as const;
  for (const [index, world] of worlds.entries()) {
    const name = names[index] ?? NAME;
    const arn = await world.createToken(name, {
      value: await world.issuer.createByHand(name),
      tags: {
        ...SHORT,
        ...(first.aws === second.aws && index === 1
          ? { 'keyturn:admin': await shareAdmin(world, name) }
          : {}),
      },
    });
    witness.watch(world, arn, name);
    world.startSchedules();
  }
  await first.clock.advanceBy(12 * HOUR);
  return witness.verdict();
}

async function shareAdmin(world: World, name: string): Promise<string> {
  return shareResource(world, name, name);
}

describe('a second installation on the same issuer', () => {
  for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
    test(`in the same account, with a secret of its own, ${subject.id}`, async () => {
      const witness = new Witness();
      const first = worldOf(subject, { wrap: witness.wrap });
      const second = new World({
        ...CLIENT,
        issuer: () => first.issuer,
        beside: first,
        installation: 'second',
        wrap: witness.wrap,
      });
      await first.createAdminSecret([NAME]);
      assert.deepEqual(await neighbours({ first, second, witness, names: [NAME, 'second/app/token'] }), []);
    });

    test(`in another account, under the same name, ${subject.id}`, async () => {
      const witness = new Witness();
      const first = worldOf(subject, { wrap: witness.wrap });
      const second = new World({
        ...CLIENT,
        issuer: () => first.issuer,
        clock: first.clock,
        account: '444455556666',
        wrap: witness.wrap,
      });
      await first.createAdminSecret([NAME]);
      await second.createAdminSecret(['second/app/token']);
      assert.deepEqual(await neighbours({ first, second, witness, names: [NAME, 'second/app/token'] }), []);
    });
  }
});

/**
 * Both installations may use the very same resource at the issuer: the same project, the same user, the same
 * application.
 */
async function sharing(
  subject: Subject,
  kind: 'account' | 'installation',
  happenings: readonly ('first' | 'second')[] = [],
): Promise<{ first: World; second: World; witness: Witness; arns: string[] }> {
  const witness = new Witness();
  const first = worldOf(subject, { wrap: witness.wrap });
  const other =
    kind === 'account'
      ? { clock: first.clock, account: '444455556666' }
      : { beside: first, installation: 'second' };
  const second = new World({ ...CLIENT, issuer: () => first.issuer, ...other, wrap: witness.wrap });
  await first.createAdminSecret([NAME]);
  const name = kind === 'account' ? NAME : `${NAME}-2`;
  const admin = kind === 'account' ? undefined : await shareResource(first, NAME, name);
  if (kind === 'account') await second.createAdminSecret([NAME]);
  const arns: string[] = [];
  for (const [index, world] of [first, second].entries()) {
    const tags = index === 1 && admin !== undefined ? { ...SHORT, 'keyturn:admin': admin } : SHORT;
    const arn = await world.createToken(index === 0 ? NAME : name, {
      value: await world.issuer.createByHand(NAME),
      tags,
    });
    arns.push(arn);
    witness.watch(world, arn, NAME);
    world.startSchedules();
  }
  for (const [index, which] of happenings.entries()) {
    await first.clock.advanceBy((3 + index) * HOUR + 17 * MINUTE);
    (which === 'first' ? first : second).inventory.lose();
  }
  await first.clock.advanceBy(12 * HOUR);
  return { first, second, witness, arns };
}

describe('a second installation on the very same resource', () => {
  for (const subject of inTurn(SUBJECTS, import.meta.filename))
    for (const kind of ['account', 'installation'] as const)
      for (const lost of [[], ['first'], ['second', 'first']] as const) {
        const when =
          lost.length === 0 ? '' : `, the table of the ${lost.join(' and of the ')} lost meanwhile`;
        test(`of another ${kind}${when}: no revoke hits what is in use, ${subject.id}`, async () => {
          const made = await sharing(subject, kind, lost);
          assert.deepEqual(made.witness.violations, []);
          for (const [index, world] of [made.first, made.second].entries()) {
            const arn = made.arns[index] ?? '';
            const text = await world.read(arn);
            const live = (await world.issuer.credentials(NAME)).filter((one) => one.live);
            assert.ok(
              live.some((one) => text.includes(one.value)),
              'AWSCURRENT is inactive',
            );
            assert.equal(made.witness.failures(), 0, 'consumers were refused');
          }
          const records = await Promise.all(
            [made.first, made.second].map((world, index) => world.record(made.arns[index] ?? '')),
          );
          if (subject.id === 'gitlab')
            for (const record of records)
              assert.deepEqual(
                record?.findings.filter((one) => one.state === 'open').map((one) => one.detail),
                [],
              );
          else
            assert.ok(
              records.some((record) => record?.findings.some((one) => one.state === 'open')),
              'a finding should say that the resource is shared',
            );
        });
      }
});
