import { PutSecretValueCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { moveAttempt } from '../../functions/core/token/transitions.ts';
import { isSetAside, setAsideOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { attemptOf, currentOf, credentialOf, openAttempt } from '../../functions/core/token/lookups.ts';
import type { FaultPlan } from '../world/faults.ts';
import { inTurn } from '../extent.ts';
import {
  CALM,
  GRACE_OVER,
  NAME,
  SHORT,
  SUBJECTS,
  adopted,
  credentialIn,
  drive,
  inGrace,
  isLive,
  oldOf,
  recordOf,
  rotateOnce,
  send,
  tamper,
  type Home,
} from './home.ts';
import { endsWithin, report } from './leaks.ts';
import { begun, outcome, settleNow, stepOf } from './late.ts';

/** AWS documents more than one outcome (docs/sandbox.md); Keyturn has to be right in each. */
const OUTCOMES = ['at-completion', 'stays', 'at-move'] as const;
const TO_TEST = ['createSecret', 'setSecret', 'testSecret'] as const;
const ALL = [...TO_TEST, 'finishSecret'] as const;
const PAST_DEADLINE = 26 * MINUTE;

async function holderOf(
  { world, arn }: Pick<Home, 'world' | 'arn'>,
  label: string,
): Promise<string | undefined> {
  return [...(await world.labels(arn))].find(([, labels]) => labels.includes(label))?.[0];
}

/** As a person does it in the console, whatever it takes. */
async function moveByHand(home: Home, label: string, to: string | undefined): Promise<void> {
  const from = await holderOf(home, label);
  await home.world.client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: home.arn,
      VersionStage: label,
      ...(from !== undefined && { RemoveFromVersionId: from }),
      ...(to !== undefined && { MoveToVersionId: to }),
    }),
  );
}

/** AWSPENDING stands nowhere but on the current version, where nothing is in its way. */
async function requireFree(home: Home): Promise<void> {
  const pending = await holderOf(home, 'AWSPENDING');
  assert.ok(
    pending === undefined || pending === (await holderOf(home, 'AWSCURRENT')),
    'AWSPENDING is in the way of the next rotation',
  );
}

for (const pendingLabel of OUTCOMES)
  for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
    const options = { rotation: { pendingLabel } };

    describe(`AWSPENDING goes ${pendingLabel}, ${subject.id}`, () => {
      test('rotate, roll back, rotate', async () => {
        const home = await inGrace(subject, { tags: CALM, options });
        const before = await recordOf(home);
        const [bad, old] = [currentOf(before), oldOf(before)];
        assert.ok(await send(home.world, home.arn, { kind: 'rollback', credentialId: old.id }));
        assert.equal(currentOf(await recordOf(home))?.id, old.id);
        await requireFree(home);
        assert.notEqual(await holderOf(home, 'AWSPENDING'), bad?.id);
        await home.world.clock.advanceBy(GRACE_OVER);
        await send(home.world, home.arn, { kind: 'retire', credentialId: bad?.id ?? '' });
        await home.world.clock.advanceBy(HOUR);
        await send(home.world, home.arn, { kind: 'retire', credentialId: bad?.id ?? '' });
        await rotateOnce(home);
        await requireFree(home);
        assert.equal((await recordOf(home)).failures, 0);
      });

      test('rotate, roll back, leak: replaced and revoked', async () => {
        const home = await inGrace(subject, { tags: CALM, options });
        const { world } = home;
        await send(world, home.arn, { kind: 'rollback', credentialId: oldOf(await recordOf(home)).id });
        await world.clock.advanceBy(30 * MINUTE);
        const leaked = currentOf(await recordOf(home));
        world.startSchedules();
        await report(home, { fingerprint: leaked?.fingerprint ?? '', exposedAt: world.clock.now() - MINUTE });
        // Where an issuer keeps two, what was rolled back has to be gone first.
        await world.clock.advanceBy(subject.id === 'okta' ? 6 * HOUR : HOUR);
        assert.ok(!(await isLive(world, leaked?.handle ?? '')), 'what leaked lives');
        assert.notEqual(currentOf(await recordOf(home))?.id, leaked?.id);
      });

      for (const isClaimed of [false, true])
        test(
          'a promotion that a person took back before it was recorded ' +
            `(${isClaimed ? 'its last step had begun' : 'made by hand'}): in grace, and in nobody's way`,
          async () => {
            const late = await begun(subject, { steps: TO_TEST, options });
            const old = currentOf(await recordOf(late));
            assert.ok(old);
            if (isClaimed)
              await tamper(late, (token) =>
                moveAttempt(token, late.attemptId, 'claim-promote', { promotingAt: late.world.clock.now() }),
              );
            await moveByHand(late, 'AWSCURRENT', late.attemptId);
            await moveByHand(late, 'AWSCURRENT', old.id);
            await late.world.clock.advanceBy(PAST_DEADLINE);
            await drive(late.world, () => settleNow(late));
            assert.equal(currentOf(await recordOf(late))?.id, old.id);
            await requireFree(late);
            // Where the label went with the move and the last step never began, nothing tells that it ever
            // was current.
            assert.deepEqual(await outcome(late), []);
          },
        );

      test('a rollback whose function dies, before or after any of its calls, is carried on', async () => {
        for (const fault of ['dies-before', 'dies-after'] as const)
          for (
            let call = 0, isReached = true;
            isReached;
            call += pendingLabel === 'stays' && subject.id === 'gitlab' ? 2 : 11
          ) {
            const plan: FaultPlan[] = [];
            const home = await inGrace(subject, { tags: CALM, options: { ...options, plan } });
            await home.world.clock.advanceBy(3 * MINUTE);
            const old = oldOf(await recordOf(home));
            const index = home.world.line.calls.length + call;
            plan.push({ index, fault });
            await send(home.world, home.arn, { kind: 'rollback', credentialId: old.id });
            isReached = home.world.line.calls.length > index;
            // Died before its claim was on record, the message comes again; after it, the sweep carries on.
            if (
              currentOf(await recordOf(home))?.id !== old.id &&
              credentialOf(await recordOf(home), old.id)?.state === 'previous'
            )
              await send(home.world, home.arn, { kind: 'rollback', credentialId: old.id });
            const when = `${fault} ${home.world.line.calls[index]?.name ?? ''}`;
            assert.deepEqual(await outcome(home), [], when);
            const record = await recordOf(home);
            assert.deepEqual([currentOf(record)?.id, record.failures], [old.id, 0], when);
          }
      });

      test('a function that died after the move: the next try records it and can go on', async () => {
        const late = await begun(subject, { steps: TO_TEST, options });
        await tamper(late, (token) =>
          moveAttempt(token, late.attemptId, 'claim-promote', { promotingAt: late.world.clock.now() }),
        );
        await moveByHand(late, 'AWSCURRENT', late.attemptId);
        await late.world.clock.advanceBy(5 * MINUTE);
        for (const step of ALL)
          assert.equal(await drive(late.world, () => stepOf(late, step)), undefined, step);
        assert.equal(currentOf(await recordOf(late))?.id, late.attemptId);
        assert.deepEqual(await outcome(late), []);
      });

      test('what was rolled back is not promoted by a step that comes again, whoever staged it', async () => {
        const home = await inGrace(subject, { tags: CALM, options });
        const record = await recordOf(home);
        const bad = currentOf(record);
        assert.ok(bad);
        await send(home.world, home.arn, { kind: 'rollback', credentialId: oldOf(record).id });
        const back = currentOf(await recordOf(home))?.id;
        for (const forget of [false, true]) {
          // Five further rotations, and the attempt is in no record any more.
          if (forget) await tamper(home, (token) => ({ ...token, attempts: [] }));
          home.world.stopped.add('rotate');
          await moveByHand(home, 'AWSPENDING', bad.id);
          const late = { world: home.world, arn: home.arn, attemptId: bad.id };
          for (const step of ['createSecret', 'finishSecret'] as const)
            assert.notEqual(await drive(home.world, () => stepOf(late, step)), undefined, step);
          assert.equal(await holderOf(home, 'AWSCURRENT'), back);
          assert.equal(openAttempt(await recordOf(home)), undefined);
          await send(home.world, home.arn, { kind: 'inspect' });
          assert.equal(await holderOf(home, 'AWSPENDING'), undefined);
        }
      });
    });
  }

describe('a value that a person staged as AWSPENDING', () => {
  for (const subject of inTurn(SUBJECTS, import.meta.filename))
    for (const plain of [false, true]) {
      const form = plain ? 'plain' : 'JSON';

      test(
        `${subject.id}, ${form}: it is set aside, lives, and rotation goes on; removing the label ends ` +
          'the question',
        async () => {
          const home = await adopted(subject, { plain, tags: SHORT });
          const { world, arn } = home;
          const first = currentOf(await recordOf(home));
          const { text, versionId } = await stage(home, plain);
          const mine = await credentialIn(world, text);
          world.startSchedules();
          await world.clock.advanceBy(DAY);
          const labels = (await world.labels(arn)).get(versionId) ?? [];
          assert.ok(labels.includes(setAsideOf(versionId)), labels.join());
          await requireFree(home);
          const record = await recordOf(home);
          assert.equal(record.failures, 0);
          const open = record.findings.filter((one) => one.state === 'open').map((one) => one.kind);
          assert.deepEqual(
            open.toSorted(),
            subject.id === 'okta' ? ['credential-limit-reached', 'version-kept'] : ['version-kept'],
          );
          await world.clock.advanceBy(3 * DAY);
          assert.ok(await isLive(world, mine.handle), 'the credential of a person was ended');
          const late = await recordOf(home);
          assert.ok(late.credentials.some((one) => one.handle === mine.handle && one.kept !== undefined));
          // Where the issuer keeps two, a credential more leaves no room for a rotation.
          assert.equal(
            currentOf(late)?.id === first?.id,
            subject.id === 'okta',
            'rotation goes on where there is room',
          );
          await moveByHand(home, setAsideOf(versionId), undefined);
          await world.clock.advanceBy(3 * MINUTE);
          await send(world, arn, { kind: 'inspect' });
          const after = await recordOf(home);
          assert.equal(credentialOf(after, versionId), undefined);
          assert.ok(!after.findings.some((one) => one.kind === 'version-kept' && one.state === 'open'));
          assert.ok(await isLive(world, mine.handle));
        },
      );
    }

  for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
    test(`${subject.id}: one that leaked is revoked all the same`, async () => {
      const home = await adopted(subject, { tags: CALM });
      const { world } = home;
      const { text, versionId } = await stage(home, false);
      const mine = await credentialIn(world, text);
      await asideAtDeadline(home, versionId);
      const kept = credentialOf(await recordOf(home), versionId);
      world.startSchedules();
      await report(home, { fingerprint: kept?.fingerprint ?? '', exposedAt: world.clock.now() - MINUTE });
      await world.clock.advanceBy(endsWithin(subject));
      assert.ok(!(await isLive(world, mine.handle)), 'what leaked lives');
      await send(world, home.arn, { kind: 'inspect' });
      assert.ok(
        ![...(await world.labels(home.arn)).values()].flat().some(isSetAside),
        'the label is left on a revoked credential',
      );
    });

    test(`${subject.id}: a person makes it current, and the label goes`, async () => {
      const home = await adopted(subject, { tags: CALM });
      const { world, arn } = home;
      const { versionId } = await stage(home, false);
      await asideAtDeadline(home, versionId);
      await moveByHand(home, 'AWSCURRENT', versionId);
      await send(world, arn, { kind: 'inspect' });
      const record = await recordOf(home);
      assert.equal(currentOf(record)?.id, versionId);
      assert.equal(currentOf(record)?.kept, undefined);
      assert.ok(!record.findings.some((one) => one.kind === 'version-kept' && one.state === 'open'));
      assert.ok(!((await world.labels(arn)).get(versionId) ?? []).some(isSetAside));
    });

    test(`${subject.id}: into a rotation that Keyturn began, before its value was there`, async () => {
      const late = await begun(subject, { options: {} });
      const { world, arn } = late;
      const text = await world.issuer.createByHand(NAME);
      const mine = await credentialIn(world, text);
      await world.client.send(
        new PutSecretValueCommand({
          SecretId: arn,
          ClientRequestToken: late.attemptId,
          SecretString: text,
          VersionStages: ['AWSPENDING'],
        }),
      );
      for (const step of ALL) await drive(world, () => stepOf(late, step));
      await world.clock.advanceBy(PAST_DEADLINE);
      await drive(world, () => settleNow(late));
      assert.equal(attemptOf(await recordOf(late), late.attemptId)?.state, 'aborted');
      world.stopped.delete('rotate');
      world.startSchedules();
      await world.clock.advanceBy(DAY);
      assert.ok(await isLive(world, mine.handle), 'the credential of a person was ended');
    });

    test(
      `${subject.id}: a version that a person labelled outlives its grace, with a finding, and dies ` +
        'without the label',
      async () => {
        const home = await inGrace(subject, { tags: { ...CALM, 'keyturn:max-grace': '2d' } });
        const { world } = home;
        const old = oldOf(await recordOf(home));
        await moveByHand(home, 'STABLE', old.id);
        world.startSchedules();
        await world.clock.advanceBy(4 * DAY);
        assert.ok(await isLive(world, old.handle ?? ''), 'it was ended under the label of a person');
        const open = (await recordOf(home)).findings.filter((one) => one.state === 'open');
        assert.match(open.find((one) => one.kind === 'version-kept')?.detail ?? '', /STABLE/);
        assert.ok(currentOf(await recordOf(home))?.id !== old.id);
        await moveByHand(home, 'STABLE', undefined);
        await world.clock.advanceBy(DAY);
        assert.ok(!(await isLive(world, old.handle ?? '')), 'nobody needs it');
        assert.ok(
          !(await recordOf(home)).findings.some((one) => one.kind === 'version-kept' && one.state === 'open'),
        );
      },
    );

    test(`${subject.id}: one labelled by a person, ended elsewhere, is over and stays labelled`, async () => {
      const home = await inGrace(subject, { tags: { ...CALM, 'keyturn:max-grace': '2d' } });
      const { world } = home;
      const old = oldOf(await recordOf(home));
      await moveByHand(home, 'STABLE', old.id);
      world.startSchedules();
      await world.clock.advanceBy(3 * DAY);
      await world.issuer.revokeByHand(old.handle ?? '');
      await world.clock.advanceBy(2 * DAY);
      const token = await recordOf(home);
      assert.equal(token.credentials.find((one) => one.id === old.id)?.state, 'ended');
      assert.deepEqual(
        token.findings.filter((one) => one.state === 'open').map((one) => one.kind),
        [],
      );
      assert.ok(
        [...((await world.labels(home.arn)).get(old.id) ?? [])].includes('STABLE'),
        'the label is no business of Keyturn',
      );
    });
  }
});

async function stage(home: Home, plain: boolean): Promise<{ text: string; versionId: string }> {
  const json = await home.world.issuer.createByHand(NAME);
  const fields: Record<string, string> = JSON.parse(json);
  const text = plain ? (fields['token'] ?? fields['client_secret'] ?? '') : json;
  const made = await home.world.client.send(
    new PutSecretValueCommand({ SecretId: home.arn, SecretString: text, VersionStages: ['AWSPENDING'] }),
  );
  return { text, versionId: made.VersionId ?? '' };
}

/** Adopted, and over at its deadline. */
async function asideAtDeadline(home: Home, versionId: string): Promise<void> {
  await send(home.world, home.arn, { kind: 'inspect' });
  assert.ok(openAttempt(await recordOf(home)), 'it was not adopted');
  await home.world.clock.advanceBy(PAST_DEADLINE);
  await send(home.world, home.arn, { kind: 'settle', attemptId: versionId });
  assert.ok(
    ((await home.world.labels(home.arn)).get(versionId) ?? []).some(isSetAside),
    'it was not set aside',
  );
}
