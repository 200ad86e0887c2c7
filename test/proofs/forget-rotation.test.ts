import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { silentIn } from '../../functions/core/assessment/unfinished.ts';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import type { Session } from '../../functions/core/issuer/provider.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import type { World } from '../world/world.ts';
import { inTurn } from '../extent.ts';
import { NAME, SUBJECTS, drive, recordOf, send, sessionsThrough, type Subject } from './home.ts';
import { begun, stepOf, type Late } from './late.ts';

interface Lossy {
  isOn: boolean;
}

function losing(session: Session, lossy: Lossy): Session {
  const lost = <T>(answer: T): T => {
    if (lossy.isOn) throw new KeyturnError('issuer-unreachable', 'Nobody answered.');
    return answer;
  };
  return session.kind === 'minting'
    ? { ...session, mint: async (request) => lost(await session.mint(request)) }
    : session.kind === 'choosing'
      ? { ...session, install: async (value, beside) => lost(await session.install(value, beside)) }
      : session;
}

/** A rotation whose creation was never answered, at an account that the grant does not name any more. */
async function lostRotation(subject: Subject): Promise<Late> {
  const lossy = { isOn: false };
  const late = await begun(subject, {
    options: {
      wrap: (ports) => ({
        ...ports,
        issuers: sessionsThrough(ports.issuers, (session) => losing(session, lossy)),
      }),
    },
  });
  lossy.isOn = true;
  await drive(late.world, () => stepOf(late, 'createSecret'));
  if (subject.id === 'okta') await drive(late.world, () => stepOf(late, 'setSecret'));
  lossy.isOn = false;
  await grantElsewhere(late.world);
  late.world.stopped.delete('rotate');
  return late;
}

async function grantElsewhere(world: World): Promise<void> {
  const there: { grants: object[] } = JSON.parse(world.issuer.adminSecret(['prod/elsewhere']));
  const grants = there.grants.map((grant) => ({ ...grant, secret: NAME }));
  await world.client.send(
    new PutSecretValueCommand({
      SecretId: `keyturn/admin/${world.provider}`,
      SecretString: JSON.stringify({ ...there, grants }),
    }),
  );
}

const openOf = (token: Token): string[] =>
  token.findings.filter((one) => one.state === 'open').map((one) => `${one.kind}: ${one.detail}`);

const attemptOf = (token: Token, id: string) => token.attempts.find((one) => one.id === id);

const forget = ({ world, arn, attemptId }: Late) =>
  drive(world, () =>
    world.command({
      tokenId: tokenIdOf(arn),
      notAfter: world.clock.now() + 10 * MINUTE,
      kind: 'forget',
      credentialId: attemptId,
      reason: 'its project is deleted',
    }),
  );

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  describe(`what a rotation may have left where no grant leads any more, ${subject.id}`, () => {
    test('is reported with the command that ends it, and the command ends it', async () => {
      const late = await lostRotation(subject);
      const { world } = late;
      world.startSchedules();
      await world.clock.advanceBy(3 * DAY);
      const waiting = await recordOf(late);
      assert.equal(attemptOf(waiting, late.attemptId)?.tidy, false);
      const way = `keyturn forget ${NAME} ${late.attemptId} --reason TEXT`;
      assert.ok(
        openOf(waiting).some((one) => one.includes(way)),
        openOf(waiting).join('\n'),
      );
      const current = currentOf(waiting)?.handle ?? '';
      assert.ok(await forget(late));
      const token = await recordOf(late);
      assert.equal(attemptOf(token, late.attemptId)?.tidy, true);
      assert.equal(attemptOf(token, late.attemptId)?.mints[0]?.forgotten?.reason, 'its project is deleted');
      await send(world, late.arn, { kind: 'rotate' });
      await world.clock.advanceBy(2 * DAY);
      const after = await recordOf(late);
      assert.notEqual(currentOf(after)?.handle, current, 'it rotates again');
      assert.deepEqual(
        openOf(after).filter((one) => one.includes(late.attemptId)),
        [],
      );
      assert.deepEqual(silentIn(after, world.clock.now()), []);
    });

    test('is not forgotten while it can be found: it is revoked instead', async () => {
      const late = await lostRotation(subject);
      const { world } = late;
      await world.clock.advanceBy(HOUR);
      await send(world, late.arn, { kind: 'inspect' });
      await world.client.send(
        new PutSecretValueCommand({
          SecretId: `keyturn/admin/${world.provider}`,
          SecretString: world.issuer.adminSecret([NAME]),
        }),
      );
      await forget(late);
      const token = await recordOf(late);
      assert.ok(token.attempts.every((one) => one.mints.every((mint) => mint.forgotten === undefined)));
      assert.equal(tokenIdOf(late.arn), token.id);
    });
  });
