import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/time.ts';
import { MemoryInventory } from '../fakes/memory-inventory.ts';
import { FaultLine } from '../world/faults.ts';
import { World, type WorldOptions } from '../world/world.ts';
import { NAME, SHORT, SUBJECTS, bare, shareResource, type Subject } from './house.ts';
import { Witness } from './witness.ts';

/** How often each property is tried; more finds more, at half a second each. */
const RUNS = Number(process.env['PROOF_RUNS'] ?? 6);
const SEED = Number(process.env['PROOF_SEED'] ?? 20_260_105);
/** Calls of a life of six hours: two rotations and two retirements. */
const CALLS = { gitlab: 420, 'npm-registry': 420, okta: 420 } as const;

interface Happening {
  /** The call before which it happens. */
  readonly call: number;
  readonly what: (world: World) => void | Promise<void>;
}

interface Life {
  readonly world: World;
  readonly arn: string;
  readonly witness: Witness;
}

/** A token in use, with both schedules; the happenings come at their calls. */
async function life(subject: Subject, happenings: readonly Happening[], options: Partial<WorldOptions> & { plain?: boolean } = {}): Promise<Life> {
  const witness = new Witness();
  const plan = happenings.map(({ call }) => ({ index: call, fault: 'console-rotates' as const }));
  const disturb = async (world: World): Promise<void> => {
    const index = world.line.calls.length - 1;
    for (const one of happenings) if (one.call === index) await one.what(world);
  };
  const { plain, ...rest } = options;
  const world = new World({ issuer: subject.issuer({}), wrap: witness.wrap, plan, disturb, ...rest });
  await world.createAdminSecret([NAME]);
  const json = await world.issuer.mintByHand(NAME);
  const arn = await world.createToken(NAME, { value: plain === true ? bare(json) : json, tags: SHORT });
  witness.watch(world, arn, NAME);
  world.startSchedules();
  return { world, arn, witness };
}

async function verdictOn({ world, witness }: Life, length: number): Promise<string[]> {
  await world.clock.advanceTo(world.startedAt + length);
  return witness.verdict();
}

async function check(subject: Subject, runs: number, property: (call: number) => Promise<string[]>): Promise<void> {
  const call = fc.integer({ min: 15, max: CALLS[subject.id as keyof typeof CALLS] });
  await fc.assert(
    fc.asyncProperty(call, async (at) => {
      assert.deepEqual(await property(at), []);
    }),
    { numRuns: runs, seed: SEED, endOnFailure: true },
  );
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

for (const subject of SUBJECTS) {
  describe(`the table, ${subject.id}`, () => {
    test('lost at any call of a life', () =>
      check(subject, RUNS, async (call) => verdictOn(await life(subject, [{ call, what: lose }]), 12 * HOUR)));

    test('lost at any call of a life of a plain text', () =>
      check(subject, RUNS, async (call) => verdictOn(await life(subject, [{ call, what: lose }], { plain: true }), 12 * HOUR)));

    for (const later of [4 * HOUR, DAY]) {
      const age = later === DAY ? 'a day ago' : 'hours ago';
      test(`restored from ${age}, as a new table`, () =>
        check(subject, later === DAY ? Math.ceil(RUNS / 3) : RUNS, async (call) => {
          let restore: (() => void) | undefined;
          const made = await life(subject, [{ call, what: (world) => void (restore = world.inventory.backup()) }]);
          await made.world.clock.advanceBy(7 * HOUR + later);
          restore?.();
          return verdictOn(made, 20 * HOUR + later);
        }));

      test(`restored from ${age}, into the table itself`, () =>
        check(subject, later === DAY ? Math.ceil(RUNS / 3) : RUNS, async (call) => {
          let restore: (() => void) | undefined;
          const made = await life(subject, [{ call, what: (world) => void (restore = world.inventory.backup()) }]);
          await made.world.clock.advanceBy(7 * HOUR + later);
          if (restore) await writeBack(made.world, restore);
          return verdictOn(made, 20 * HOUR + later);
        }));
    }
  });
}
void FaultLine; void MemoryInventory; void shareResource; void MINUTE;
