import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { INSPECT_EVERY } from '../../../functions/core/policy/timing.ts';
import {
  AHEAD,
  INSPECT_UNSETTLED,
  InspectionLine,
  InspectionLines,
  SUSPECT_FOR,
  inspectionOf,
  nextBeat,
} from '../../../functions/core/rotation/inspections.ts';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { instants, tokens } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const named: Credential = { id: 'v', handle: 'h', origin: 'adopted', state: 'current' };

describe('the beats of a token', () => {
  it('are an interval apart, whenever one asks for the next', () => {
    fc.assert(
      fc.property(fc.string(), instants, fc.integer({ min: 1, max: 48 * 60 }), (id, after, minutes) => {
        const every = minutes * MINUTE;
        const beat = nextBeat(id, after, every);
        assert.ok(beat > after && beat <= after + every);
        assert.equal(nextBeat(id, beat - 1, every), beat);
        assert.equal(nextBeat(id, beat, every), beat + every);
      }),
    );
  });

  it('are spread evenly over the interval, also of tokens registered at one moment', () => {
    const beats = Array.from({ length: 7_200 }, (_, index) =>
      nextBeat(`payments/token-${index}-AbCdEf`, T0, INSPECT_EVERY),
    );
    const minutes = Map.groupBy(beats, (at) => Math.floor((at - T0) / (5 * MINUTE)));
    for (let minute = 0; minute < 72; minute++) {
      const count = minutes.get(minute)?.length ?? 0;
      assert.ok(
        count >= 60 && count <= 140,
        `${count} in the five minutes ${minute}, where 100 are expected`,
      );
    }
  });
});

describe('the next inspection', () => {
  it('is the next beat; an hour later where something is not settled; at once where there was none', () => {
    const settled = aToken({ inspectedAt: T0, credentials: [named] });
    assert.deepEqual(inspectionOf(settled), { at: nextBeat(settled.id, T0, INSPECT_EVERY), isUrgent: false });
    for (const change of [
      { unusable: 'why' },
      { refusedSince: T0 },
      { credentials: [{ ...named, handle: undefined }] },
    ])
      assert.deepEqual(inspectionOf({ ...settled, ...change }), {
        at: T0 + INSPECT_UNSETTLED,
        isUrgent: false,
      });
    assert.deepEqual(inspectionOf(aToken()), { at: T0, isUrgent: false });
  });

  it('waits for its place in the line, but for what is urgent', () => {
    const placed = aToken({ inspectedAt: T0, credentials: [named], inspectionAt: T0 + 20 * HOUR });
    assert.deepEqual(inspectionOf(placed), { at: T0 + 20 * HOUR - AHEAD, isUrgent: false });
    const suspect = { handle: 's', seenAt: T0 + 1 };
    assert.deepEqual(inspectionOf({ ...placed, suspects: [suspect] }), {
      at: T0 + 1 + SUSPECT_FOR,
      isUrgent: true,
    });
  });

  it('never lies further ahead than an interval, but for a place in the line', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        const { at } = inspectionOf({ ...token, inspectionAt: undefined });
        assert.ok(at <= (token.inspectedAt ?? token.enrolledAt) + INSPECT_EVERY);
      }),
    );
  });
});

describe('a line of inspections', () => {
  const rates = fc.double({ min: 0.1, max: 600, noNaN: true });

  it('gives each place once, in order, no more a minute than the issuer bears', () => {
    fc.assert(
      fc.property(
        rates,
        fc.integer({ min: -100, max: 100 }),
        fc.integer({ min: 1, max: 200 }),
        (perMinute, left, count) => {
          const line = new InspectionLine(T0, perMinute, T0 + left * MINUTE);
          const places = Array.from({ length: count }, () => line.placeFor(false, undefined));
          assert.equal(places[0], Math.max(T0, T0 + left * MINUTE));
          for (const [index, place] of places.entries())
            if (index > 0) assert.ok(place - (places[index - 1] ?? 0) >= MINUTE / perMinute - 1);
        },
      ),
    );
  });

  it(
    'keeps a place for who has one, and gives what is urgent or late one beside it, as many as the queue ' +
      'holds',
    () => {
      fc.assert(
        fc.property(rates, fc.integer({ min: 0, max: 300 }), fc.boolean(), (perMinute, count, isUrgent) => {
          const line = new InspectionLine(T0, perMinute, T0 + 5 * HOUR);
          assert.equal(line.placeFor(false, T0 + MINUTE), T0 + MINUTE);
          const places = Array.from({ length: count }, () =>
            line.placeFor(isUrgent, isUrgent ? undefined : T0 - 1),
          );
          const beside = places.filter((place) => place < T0 + 5 * HOUR);
          assert.equal(beside.length, Math.min(count, Math.ceil((AHEAD / MINUTE) * perMinute)));
          assert.ok(beside.every((place) => place - T0 < AHEAD));
        }),
      );
    },
  );

  it('goes on in the next sweep, for each provider by itself', () => {
    const first = new InspectionLines(T0, () => 1);
    for (let index = 0; index < 60; index++) first.of('gitlab').take();
    first.of('okta');
    assert.deepEqual(first.left(), { gitlab: T0 + HOUR });
    const second = new InspectionLines(T0 + 15 * MINUTE, () => 1, first.left());
    assert.equal(second.of('gitlab').hasRoom, false);
    assert.equal(second.of('gitlab').take(), T0 + HOUR);
    assert.equal(second.of('okta').take(), T0 + 15 * MINUTE);
    assert.deepEqual(
      new InspectionLines(T0 + 30 * MINUTE, () => 1, second.left()).left(),
      { gitlab: T0 + 61 * MINUTE },
      'also where no person asked',
    );
  });
});
