import { PutSecretValueCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { moveAttempt } from '../../functions/core/token/transitions.ts';
import { setAsideOf } from '../../functions/core/basics/names.ts';
import { plan as planned } from '../../functions/core/assessment/due-times.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { attemptOf, currentOf, credentialOf, openAttempt } from '../../functions/core/token/lookups.ts';
import { PROVIDERS } from '../../functions/providers/registry.ts';
import { apart, everyCall, inTurn } from '../extent.ts';
import {
  GRACE_OVER,
  NAME,
  SUBJECTS,
  adopted,
  credentialIn,
  drive,
  inGrace,
  isLive,
  issued,
  oldOf,
  recordOf,
  rotateOnce,
  send,
  tamper,
  type Home,
  type Subject,
} from './home.ts';
import { begun, outcome, settleNow, stepOf, stepsOf, type Begun, type Late } from './late.ts';

const ALL = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
const TO_TEST = ['createSecret', 'setSecret', 'testSecret'] as const;
const PAST_DEADLINE = 26 * MINUTE;
/** No invocation of a rotation function lives longer. */
const PAST_LEASE = 11 * MINUTE;
const UNCLAIMED = "a value that is nobody's";
/** Every call of one provider is tried, and a share of those of the others: the engine is the same. */
const EVERY_OTHER = 4;

interface Race {
  readonly begun: Begun;
  readonly outer: (late: Late) => Promise<unknown>;
  readonly inner: (late: Late) => Promise<unknown>;
}

/** Runs one thing with another in the middle of it; resolves to how many calls the outer one makes. */
async function raced(subject: Subject, race: Race, call: number | undefined): Promise<number> {
  const late = await begun(subject, race.begun);
  await late.world.clock.advanceBy(PAST_DEADLINE);
  const start = late.world.line.calls.length;
  late.before(call, () => race.inner(late));
  await drive(late.world, () => race.outer(late), HOUR);
  const calls = late.world.line.calls.length - start;
  const name = late.world.line.calls[start + (call ?? 0)]?.name ?? '';
  await requireOver(late, name, `before call ${call}: ${name}`);
  assert.deepEqual(await outcome(late), [], `before call ${call}: ${name}`);
  return calls;
}

/** Once an attempt was aborted nothing is minted or stored for it, unless that very call was on its way. */
async function requireOver(late: Late, paused: string, when: string): Promise<void> {
  const attempt = attemptOf(await recordOf(late), late.attemptId);
  if (attempt?.state !== 'aborted') return;
  assert.ok(
    attempt.mints.every((mint) => mint.at <= (attempt.endedAt ?? 0)),
    `${when}: minted after the end`,
  );
  const isStoring = paused === 'secrets.putPending' || paused === 'seals.of';
  assert.ok(
    isStoring || (await labelled(late, 'AWSPENDING')) !== late.attemptId,
    `${when}: stored after the end`,
  );
}

/**
 * An abort and a late mint side by side: the mint begins before one call of the abort, and rests before one
 * of its own until the abort is through.
 */
async function sideBySide(
  subject: Subject,
  at: { abort: number; mint: number },
): Promise<{ reached: boolean }> {
  const late = await begun(subject);
  const { world } = late;
  await world.clock.advanceBy(PAST_DEADLINE);
  const rests = Promise.withResolvers<void>();
  const goesOn = Promise.withResolvers<void>();
  let minting: Promise<unknown> | undefined;
  let isThrough = false;
  const rest = async (): Promise<void> => {
    if (isThrough) return undefined;
    rests.resolve();
    return world.clock.away(() => goesOn.promise);
  };
  // An activity of its own: it may wait for a version to be seen while the abort goes on.
  const mint = (): Promise<unknown> =>
    world.clock.activity(() => stepOf(late, 'createSecret').finally(() => (isThrough = true)));
  const begin = (): Promise<unknown> =>
    world.clock.away(() => Promise.race([rests.promise, (minting = mint())]));
  late.beforeEach(
    new Map([
      [at.abort, begin],
      [at.abort + 1 + at.mint, rest],
    ]),
  );
  await drive(world, () => settleNow(late));
  const attempt = attemptOf(await recordOf(late), late.attemptId);
  const isHeld = attempt?.leaseUntil !== undefined && attempt.leaseUntil > world.clock.now();
  const when = `abort at ${at.abort}, mint at ${at.mint}: ${world.line.calls.at(-1)?.name}`;
  assert.ok(!isHeld || attempt.state === 'open', `${when}: aborted in the middle of a mint`);
  world.line.heal();
  const wentOn = drive(world, () => world.clock.away(async () => minting));
  goesOn.resolve();
  await wentOn;
  assert.deepEqual(await outcome(late), [], when);
  return { reached: minting !== undefined };
}

async function everywhere(subject: Subject, race: Race): Promise<void> {
  const points = await raced(subject, race, undefined);
  assert.ok(points > 2);
  for (let call = 0; call <= points; call += everyCall(subject, EVERY_OTHER))
    await raced(subject, race, call);
}

/** A run that its own time is up for, and that goes on all the same once the attempt was settled. */
async function overslept(late: Late): Promise<void> {
  await late.world.clock.sleep(PAST_LEASE);
  await settleNow(late);
  await late.world.clock.sleep(MINUTE);
}

const RACES: readonly [string, Race][] = [
  [
    'an abort, and a late retry that mints',
    { begun: {}, outer: settleNow, inner: (late) => stepOf(late, 'createSecret') },
  ],
  [
    'an abort, and a late retry of the whole rotation',
    { begun: {}, outer: settleNow, inner: (late) => stepsOf(late, ALL) },
  ],
  [
    'an abort of a tested rotation, and its last step',
    { begun: { steps: TO_TEST }, outer: settleNow, inner: (late) => stepOf(late, 'finishSecret') },
  ],
  [
    'a late mint, and an abort in the middle of it',
    { begun: {}, outer: (late) => stepOf(late, 'createSecret'), inner: settleNow },
  ],
  [
    'a mint that outlives its lease, and an abort',
    { begun: {}, outer: (late) => stepOf(late, 'createSecret'), inner: overslept },
  ],
  [
    'a value set after the lease ran out, and an abort',
    {
      begun: { steps: ['createSecret'] },
      outer: (late) => stepsOf(late, ['setSecret', 'testSecret']),
      inner: overslept,
    },
  ],
  [
    'a late last step, and an abort in the middle of it',
    { begun: { steps: TO_TEST }, outer: (late) => stepOf(late, 'finishSecret'), inner: settleNow },
  ],
  [
    'a late mint, and another one',
    {
      begun: {},
      outer: (late) => stepOf(late, 'createSecret'),
      inner: (late) => stepOf(late, 'createSecret'),
    },
  ],
];

async function labelled(home: Home, label: string): Promise<string | undefined> {
  return [...(await home.world.labels(home.arn))].find(([, labels]) => labels.includes(label))?.[0];
}

async function moveLabel(home: Home, label: string, to: string): Promise<void> {
  const from = await labelled(home, label);
  await home.world.client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: home.arn,
      VersionStage: label,
      ...(from === undefined ? {} : { RemoveFromVersionId: from }),
      MoveToVersionId: to,
    }),
  );
}

/** Leaves an AWSPENDING without an owner. */
/** What is not understood is kept for whoever staged it, until its label is taken away. */
async function letGo(home: Home, versionId: string): Promise<void> {
  const { world, arn } = home;
  await outcome(home, 2 * HOUR);
  assert.deepEqual(
    (await recordOf(home)).findings.filter((one) => one.state === 'open').map((one) => one.kind),
    ['version-kept'],
  );
  await world.client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: arn,
      VersionStage: setAsideOf(versionId),
      RemoveFromVersionId: versionId,
    }),
  );
  await send(world, arn, { kind: 'inspect' });
}

async function dangle(home: Home, text: string): Promise<string> {
  const made = await home.world.client.send(
    new PutSecretValueCommand({ SecretId: home.arn, SecretString: text, VersionStages: ['AWSPENDING'] }),
  );
  return made.VersionId ?? '';
}

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`an end and a step at the same time, ${subject.id}`, () => {
    for (const [name, race] of RACES)
      test(`${name}: nothing live is lost, whichever call it falls before`, () => everywhere(subject, race));

    test(
      'an abort and a late mint side by side, at any two of their calls: nothing live is lost, and a ' +
        'mint that began goes on',
      async () => {
        const every = { abort: everyCall(subject, 4, 2), mint: everyCall(subject, 5, 3) };
        for (let mint = 0; mint <= 20; mint += every.mint) {
          for (let abort = 0; abort < 30; abort += every.abort)
            if (!(await sideBySide(subject, { abort, mint })).reached) break;
        }
      },
    );

    test('AWSPENDING that comes back to an aborted attempt is taken away again', async () => {
      const late = await begun(subject, { steps: TO_TEST });
      await late.world.clock.advanceBy(PAST_DEADLINE);
      await drive(late.world, () => settleNow(late));
      assert.equal(attemptOf(await recordOf(late), late.attemptId)?.state, 'aborted');
      await moveLabel(late, 'AWSPENDING', late.attemptId);
      await send(late.world, late.arn, { kind: 'inspect' });
      assert.equal(attemptOf(await recordOf(late), late.attemptId)?.state, 'aborting');
      await drive(late.world, () => settleNow(late));
      assert.equal(await labelled(late, 'AWSPENDING'), undefined);
      assert.deepEqual(await outcome(late), []);
    });
  });

  describe(`steps without a caller that waits, ${subject.id}`, () => {
    test('a late retry after an abort leaves the record as it is', async () => {
      const late = await begun(subject, { steps: TO_TEST });
      await late.world.clock.advanceBy(PAST_DEADLINE);
      await drive(late.world, () => settleNow(late));
      const before = await recordOf(late);
      for (const step of ALL) assert.notEqual(await drive(late.world, () => stepOf(late, step)), undefined);
      assert.deepEqual(await recordOf(late), before);
    });

    test('a made-up token leaves the record as it is, also while a rotation is under way', async () => {
      for (const made of [await begun(subject), { ...(await adopted(subject)), attemptId: '' }]) {
        const before = await recordOf(made);
        for (const step of ALL)
          assert.notEqual(
            await drive(made.world, () => stepOf({ ...made, attemptId: 'a'.repeat(36) }, step)),
            undefined,
          );
        assert.deepEqual(await recordOf(made), before);
      }
    });

    test('finishSecret without a test promotes nothing, and with one it does', async () => {
      const late = await begun(subject, { steps: ['createSecret', 'setSecret'] });
      const old = await labelled(late, 'AWSCURRENT');
      assert.match(
        (await drive(late.world, () => stepOf(late, 'finishSecret'))) ?? '',
        /no credential that was tested/,
      );
      assert.equal(await labelled(late, 'AWSCURRENT'), old);
      assert.equal(currentOf(await recordOf(late))?.id, old);
      assert.equal(
        attemptOf(await recordOf(late), late.attemptId)?.inactive,
        undefined,
        'the steps may still come in order',
      );
      for (const step of ['testSecret', 'finishSecret'] as const)
        assert.equal(await drive(late.world, () => stepOf(late, step)), undefined);
      assert.equal(await labelled(late, 'AWSCURRENT'), late.attemptId);
      assert.deepEqual(await outcome(late), []);
    });
  });

  describe(`a promotion in the middle of an inspection, ${subject.id}`, () => {
    async function promotedIn(call: number | undefined): Promise<number> {
      const late = await begun(subject, { steps: TO_TEST });
      const revoked = await credentialIn(late.world, await late.world.read(late.arn));
      await late.world.issuer.revokeByHand(revoked.handle);
      const start = late.world.line.calls.length;
      late.before(call, () => stepOf(late, 'finishSecret'));
      await send(late.world, late.arn, { kind: 'inspect' });
      const calls = late.world.line.calls.length - start;
      if (call === undefined)
        assert.notEqual((await recordOf(late)).refusedSince, undefined, 'the issuer refuses the old value');
      else await soundAfter(late, `before call ${call}: ${late.world.line.calls[start + call]?.name}`);
      return calls;
    }

    test('what was seen of the old version is not written down of the new one', async () => {
      const points = await promotedIn(undefined);
      for (let call = 0; call < points; call += apart(1)) await promotedIn(call);
    });
  });

  describe(`tags that changed since the last inspection, ${subject.id}`, () => {
    test('a longer least grace holds the old credential at once', async () => {
      const home = await inGrace(subject, {
        tags: { 'keyturn:min-grace': '1h', 'keyturn:unused-for': '30m', 'keyturn:rotate-every': '30d' },
      });
      const old = oldOf(await recordOf(home));
      await home.world.tag(home.arn, { 'keyturn:min-grace': '3h' });
      await home.world.clock.advanceBy(2 * HOUR);
      await send(home.world, home.arn, { kind: 'retire', credentialId: old.id });
      assert.equal(credentialOf(await recordOf(home), old.id)?.state, 'previous');
      assert.ok(
        old.handle && (await isLive(home.world, old.handle)),
        'it was revoked although its grace is not over',
      );
      await home.world.clock.advanceBy(GRACE_OVER + MINUTE);
      await send(home.world, home.arn, { kind: 'retire', credentialId: old.id });
      assert.ok(!(await isLive(home.world, old.handle)), 'the longer grace is over as well');
    });
  });

  describe(`an earlier rotation in the way, ${subject.id}`, () => {
    const cases = [
      [UNCLAIMED, async () => '{"note":"left behind"}'],
      ['the current value, as a test leaves it', (home: Home) => home.world.read(home.arn)],
    ] as const;
    for (const [what, textOf] of cases)
      test(`AWSPENDING dangles with ${what}: it is out of the way, then the rotation happens`, async () => {
        const home = await adopted(subject);
        const { world, arn } = home;
        const before = await recordOf(home);
        const dangling = await dangle(home, await textOf(home));
        await send(world, arn, { kind: 'rotate' });
        const refused = await recordOf(home);
        assert.deepEqual(refused.attempts, []);
        assert.equal(refused.failures, 0);
        assert.ok(
          planned(refused, PROVIDERS.get(world.provider)?.descriptor, world.clock.now()).some(
            (one) => one.kind === 'inspect',
          ),
          'it should be inspected at once',
        );
        await drive(world, () => world.sweepNow());
        await world.clock.advanceBy(2 * MINUTE);
        const adoptedPending = await recordOf(home);
        assert.equal(openAttempt(adoptedPending)?.id, dangling);
        assert.equal(adoptedPending.failures, 0);
        if (what === UNCLAIMED) await letGo(home, dangling);
        assert.deepEqual(await outcome(home), []);
        const after = await recordOf(home);
        assert.notEqual(
          currentOf(after)?.id,
          currentOf(before)?.id,
          'the rotation that was asked for did not happen',
        );
        assert.equal(attemptOf(after, dangling)?.state, 'aborted');
        assert.deepEqual(world.queue.deadLetters, []);
      });

    test('a rotation that only tests, under way, is not taken for one in the way', async () => {
      const home = await adopted(subject);
      await rotateOnce(home);
      await dangle(home, await home.world.read(home.arn));
      await send(home.world, home.arn, { kind: 'inspect' });
      assert.equal(openAttempt(await recordOf(home)), undefined);
    });
  });

  describe(`a promotion that a person took back before it was recorded, ${subject.id}`, () => {
    for (const claimed of [false, true])
      test(
        'the version that AWSCURRENT names is current, the other is in grace ' +
          `(${claimed ? 'its last step had begun' : 'promoted by hand'})`,
        async () => {
          const late = await begun(subject, { steps: TO_TEST });
          const { world } = late;
          const old = currentOf(await recordOf(late));
          assert.ok(old);
          if (claimed) await tamper(late, (token) => moveAttempt(token, late.attemptId, 'claim-promote'));
          await moveLabel(late, 'AWSCURRENT', late.attemptId);
          await moveLabel(late, 'AWSCURRENT', old.id);
          await world.clock.advanceBy(PAST_DEADLINE);
          await drive(world, () => settleNow(late));
          const record = await recordOf(late);
          assert.equal(currentOf(record)?.id, old.id);
          assert.equal(credentialOf(record, late.attemptId)?.state, 'previous');
          const taken = credentialOf(record, late.attemptId)?.handle;
          assert.ok(taken && (await isLive(world, taken)), 'it is in grace');
          assert.deepEqual(await outcome(late), []);
          const end = await recordOf(late);
          assert.equal(currentOf(end)?.id, old.id);
          assert.deepEqual(
            end.attempts.map((one) => one.cause),
            ['operator'],
            'no further rotation was wanted',
          );
        },
      );
  });
}

async function soundAfter(late: Late, when: string): Promise<void> {
  const record = await recordOf(late);
  const current = currentOf(record);
  assert.equal(current?.id, late.attemptId, when);
  assert.equal(
    record.refusedSince,
    undefined,
    `${when}: the refusal of the old value is held against the new one`,
  );
  assert.equal(
    current.expiresAt,
    attemptOf(record, late.attemptId)?.mints.at(-1)?.expiresAt,
    `${when}: the expiry of the old value`,
  );
}

describe('evidence', () => {
  const gitlab = SUBJECTS.filter((one) => one.id === 'gitlab');
  const TAGS = {
    'keyturn:min-grace': '30m',
    'keyturn:max-grace': '4h',
    'keyturn:unused-for': '30m',
    'keyturn:rotate-every': '30d',
  };

  /** A consumer that did not move: it uses the old value every ten minutes. */
  async function useFor(home: Home, text: string, length: number): Promise<void> {
    for (let spent = 0; spent < length; spent += 10 * MINUTE) {
      await home.world.clock.advanceBy(10 * MINUTE);
      await home.world.issuer.fetch(home.world.issuer.consume(text, 'consumer/1'));
    }
  }

  for (const subject of gitlab) {
    async function used(
      tags: Record<string, string>,
      length: number,
      changed: Record<string, string>,
    ): Promise<boolean> {
      const home = await adopted(subject, { tags: { ...TAGS, ...tags } });
      const text = await home.world.read(home.arn);
      await rotateOnce(home);
      const old = oldOf(await recordOf(home));
      await useFor(home, text, length);
      await home.world.tag(home.arn, changed);
      await send(home.world, home.arn, { kind: 'retire', credentialId: old.id });
      return isLive(home.world, old.handle ?? '');
    }

    test('asked for after the promotion, it holds the old credential', async () => {
      assert.ok(!(await used({ 'keyturn:evidence': 'time' }, 2 * HOUR, {})), 'time alone lets it go');
      assert.ok(await used({ 'keyturn:evidence': 'time' }, 2 * HOUR, { 'keyturn:evidence': 'last-used' }));
    });

    test('a longer most grace holds one that would have been revoked at its end', async () => {
      assert.ok(!(await used({ 'keyturn:on-max-grace': 'revoke' }, 5 * HOUR, {})), 'most grace is over');
      assert.ok(await used({ 'keyturn:on-max-grace': 'revoke' }, 5 * HOUR, { 'keyturn:max-grace': '2d' }));
      assert.ok(
        await used({ 'keyturn:on-max-grace': 'revoke' }, 5 * HOUR, { 'keyturn:on-max-grace': 'keep' }),
      );
    });
  }
});

describe('more unknown credentials than mints without an answer', () => {
  for (const subject of SUBJECTS.filter((one) => one.id === 'npm-registry'))
    test('none is revoked, and a person is told; once they are gone it goes on', async () => {
      const late = await begun(subject);
      const { world } = late;
      const known = new Set((await issued(world)).map((one) => one.handle));
      world.issuer.fetch = losingFirstAnswer(world.issuer.fetch.bind(world.issuer));
      assert.notEqual(await drive(world, () => stepOf(late, 'createSecret')), undefined);
      await world.issuer.createByHand(NAME);
      const unknown = (await issued(world)).filter((one) => !known.has(one.handle)).map((one) => one.handle);
      assert.equal(unknown.length, 2);
      await world.clock.advanceBy(PAST_DEADLINE);
      await drive(world, () => settleNow(late));
      for (let look = 0; look < 2; look++) {
        await send(world, late.arn, { kind: 'inspect' });
        await world.clock.advanceBy(HOUR + MINUTE);
      }
      assert.deepEqual(
        (await recordOf(late)).credentials.map((one) => one.origin),
        ['adopted'],
      );
      world.stopped.delete('rotate');
      world.startSchedules();
      await world.clock.advanceBy(12 * HOUR);
      for (const handle of unknown)
        assert.ok(await isLive(world, handle), "a credential that may be a stranger's was revoked");
      const [finding] = (await recordOf(late)).findings.filter((one) => one.state === 'open');
      assert.match(finding?.detail ?? '', /holds 2 credentials that Keyturn does not know/);
      for (const handle of unknown) await world.issuer.revokeByHand(handle);
      assert.deepEqual(await outcome(late, 16 * HOUR), []);
      assert.notEqual(currentOf(await recordOf(late))?.handle, [...known][0], 'it was not rotated');
    });
});

/** An issuer whose answer to the first mint is lost on the way. */
function losingFirstAnswer(
  fetch: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  let isLost = false;
  return async (request) => {
    const answer = await fetch(request);
    if (request.method !== 'POST' || isLost) return answer;
    isLost = true;
    throw new TypeError('fetch failed', {
      cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
    });
  };
}
