import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  StartLine,
  placeOf,
  type StartLimits,
  type UnderWay,
  type Startable,
} from '../../../functions/core/rotation/rotation-queue.ts';
import { DAY, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Attempt } from '../../../functions/core/token/attempt.ts';
import { isUnderWay } from '../../../functions/core/token/lookups.ts';
import { anyTokens, instants } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const rotations = fc
  .array(
    fc.record({
      issuer: fc.constantFrom('gitlab', 'gitlab eu', 'okta'),
      isRetry: fc.boolean(),
      until: instants,
    }),
    { maxLength: 60 },
  )
  .map((some) =>
    some.map((one, index): Startable => ({
      ...one,
      tokenId: `t${String(index).padStart(3, '0')}`,
      provider: one.issuer.split(' ')[0] ?? '',
    })),
  );
const limits: fc.Arbitrary<StartLimits> = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }))
  .map(([inAll, gitlab, okta]) => ({
    inAll,
    perIssuer: (provider) => (provider === 'okta' ? okta : gitlab),
  }));

function lineOf(waiting: readonly Startable[]): StartLine {
  const line = new StartLine();
  for (const one of waiting) line.add(one);
  return line;
}

function at(underWay: readonly UnderWay[], issuer: string): UnderWay[] {
  return underWay.filter((one) => one.issuer === issuer);
}

/** Starts all that has room. */
function fill(line: StartLine, underWay: readonly UnderWay[], most: StartLimits): Startable[] {
  const started: Startable[] = [];
  for (let next = line.take(underWay, most); next; next = line.take([...underWay, ...started], most))
    started.push(next);
  return started;
}

describe('the line of rotations', () => {
  it('never lets more start than there is room for, of one issuer and in all', () => {
    fc.assert(
      fc.property(rotations, rotations, limits, (waiting, before, most) => {
        const started = fill(lineOf(waiting), before, most);
        const now = [...before, ...started];
        if (started.length > 0) assert.ok(now.length <= most.inAll);
        for (const { issuer, provider } of started)
          assert.ok(at(now, issuer).length <= most.perIssuer(provider));
      }),
    );
  });

  it('leaves no room empty while one waits for it, what failed before apart', () => {
    fc.assert(
      fc.property(rotations, limits, (waiting, most) => {
        const line = lineOf(waiting);
        const started = fill(line, [], most);
        assert.equal(started.length + line.size, waiting.length);
        const left = waiting.filter((one) => !one.isRetry && !started.includes(one));
        for (const { issuer, provider } of left)
          assert.ok(started.length === most.inAll || at(started, issuer).length === most.perIssuer(provider));
      }),
    );
  });

  it('starts of one issuer what ends first', () => {
    fc.assert(
      fc.property(rotations, limits, (waiting, most) => {
        const started = fill(lineOf(waiting), [], most);
        for (const one of waiting.filter((other) => !started.includes(other)))
          for (const first of started)
            if (first.issuer === one.issuer && first.isRetry === one.isRetry)
              assert.ok(first.until <= one.until);
      }),
    );
  });

  it('shares the room of all evenly among the issuers that have work', () => {
    fc.assert(
      fc.property(rotations, limits, (waiting, most) => {
        const fresh = waiting.filter((one) => !one.isRetry);
        const started = fill(lineOf(fresh), [], most);
        const counts = new Map(fresh.map(({ issuer }) => [issuer, at(started, issuer).length]));
        for (const { issuer } of fresh.filter((one) => !started.includes(one)))
          for (const [other, count] of counts)
            assert.ok(
              count <= (counts.get(issuer) ?? 0) + 1 ||
                at(fresh, issuer).length === counts.get(issuer) ||
                counts.get(issuer) === most.perIssuer(issuer.split(' ')[0] ?? ''),
              `${other} has ${count}`,
            );
      }),
    );
  });

  it('gives what failed before half of the room at most, and one place at least', () => {
    fc.assert(
      fc.property(rotations, limits, (waiting, most) => {
        const retries = fill(lineOf(waiting), [], most).filter((one) => one.isRetry);
        assert.ok(retries.length <= Math.max(1, most.inAll / 2));
        for (const { issuer, provider } of retries)
          assert.ok(at(retries, issuer).length <= Math.max(1, most.perIssuer(provider) / 2));
        const onlyRetries = waiting.map((one) => ({ ...one, isRetry: true }));
        assert.equal(fill(lineOf(onlyRetries), [], most).length > 0, onlyRetries.length > 0);
      }),
    );
  });

  it('lets one with ten thousand waiting delay no other', () => {
    const line = new StartLine();
    for (let index = 0; index < 10_000; index++)
      line.add({
        tokenId: `hot-${index}`,
        provider: 'gitlab',
        issuer: 'gitlab',
        until: T0 + index,
        isRetry: false,
      });
    line.add({ tokenId: 'other', provider: 'okta', issuer: 'okta', until: T0 + 90 * DAY, isRetry: false });
    const started = fill(line, [], { inAll: 100, perIssuer: () => 20 });
    assert.equal(started.length, 21);
    assert.equal(started[1]?.tokenId, 'other');
    assert.deepEqual(
      started.filter((one) => one.issuer === 'gitlab').map((one) => one.until),
      Array.from({ length: 20 }, (_, index) => T0 + index),
      'also when it could not keep all of them in mind',
    );
  });
});

describe('the place of a token', () => {
  it(
    'is with those under way from the attempt on record to its end, and then with those that wait, if it ' +
      'waits',
    () => {
      fc.assert(
        fc.property(anyTokens, fc.option(instants, { nil: undefined }), (given, startAt) => {
          const token = { ...given, ...(startAt !== undefined && { startAt }) };
          const place = placeOf(token);
          const running = token.attempts.find(
            (one) => isUnderWay(one) && one.state !== 'aborting' && one.inactive !== true,
          );
          const expected =
            token.detachedAt !== undefined
              ? undefined
              : running
                ? 'under-way'
                : startAt === undefined
                  ? undefined
                  : 'waiting';
          assert.equal(place?.line, expected);
          if (expected === 'under-way') assert.equal(place?.at, running?.deadline);
          if (expected === 'waiting') assert.equal(place?.at, startAt);
        }),
      );
    },
  );

  it(
    'says until when it can wait: its expiry or greatest age, and not at all for an empty secret, an ' +
      'inactive credential or a person',
    () => {
      const current = {
        id: 'v',
        origin: 'minted',
        state: 'current',
        issuedAt: T0,
        expiresAt: T0 + 30 * DAY,
      } as const;
      const waiting = aToken({ startAt: T0, credentials: [current] });
      assert.equal(placeOf(waiting)?.until, T0 + 30 * DAY);
      assert.equal(
        placeOf({ ...waiting, credentials: [{ ...current, expiresAt: T0 + 400 * DAY }] })?.until,
        T0 + 90 * DAY,
      );
      assert.equal(placeOf({ ...waiting, credentials: [] })?.until, waiting.enrolledAt);
      assert.equal(placeOf({ ...waiting, refusedSince: T0 - MINUTE })?.until, T0 - MINUTE);
      assert.equal(placeOf({ ...waiting, rotateRequestedAt: T0 + MINUTE })?.until, T0 + MINUTE);
    },
  );

  it('tells apart the issuers that one provider may have', () => {
    const attempt: Attempt = {
      id: 'a',
      cause: 'retry',
      state: 'open',
      openedAt: T0,
      deadline: T0 + MINUTE,
      mints: [],
    };
    assert.deepEqual(placeOf(aToken({ attempts: [attempt], admin: 'keyturn/admin/gitlab/eu' })), {
      line: 'under-way',
      at: T0 + MINUTE,
      provider: 'gitlab',
      issuer: 'gitlab keyturn/admin/gitlab/eu',
      until: T0,
      isRetry: true,
    });
  });
});
