import { DeleteSecretCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { START, World } from '../world/world.ts';
import { inTurn } from '../extent.ts';
import {
  CLIENT,
  CALM,
  GRACE_OVER,
  NAME,
  SUBJECTS,
  adopted,
  complete,
  credentialIn,
  askGuard,
  inGrace,
  isLive,
  issued,
  midway,
  oldOf,
  put,
  recordOf,
  rotateOnce,
  send,
  shareResource,
  tamper,
  wanted,
  type Home,
  type Subject,
} from './home.ts';

/** What the guard is asked for and what has to live on. */
interface Asked {
  readonly home: Home;
  readonly credentialId: string;
  /** The credential that must survive; undefined where there is none to name. */
  readonly handle: string | undefined;
}

interface Situation {
  readonly name: string;
  readonly only?: readonly string[];
  /** What the refusal has to say; matched against the guard's reason. */
  readonly says: RegExp;
  /** Whether the command ends before it reaches the guard; then the guard is asked by itself as well. */
  readonly make: (subject: Subject) => Promise<Asked>;
}

async function currentHandle(home: Home): Promise<string> {
  return (await credentialIn(home.world, await home.world.read(home.arn))).handle;
}

/**
 * A home whose old credential has outlived its grace and its revocation begins, the moment before the guard.
 */
async function overdue(subject: Subject, given: Parameters<typeof inGrace>[1] = {}): Promise<Asked> {
  const home = await inGrace(subject, given);
  await home.world.clock.advanceBy(GRACE_OVER);
  const old = oldOf(await recordOf(home));
  return { home, credentialId: old.id, handle: old.handle };
}

async function claim(asked: Asked): Promise<void> {
  await tamper(asked.home, (token) => ({
    ...token,
    credentials: token.credentials.map((one) =>
      one.id === asked.credentialId ? { ...one, state: 'revoking', revocationBegunAt: START } : one,
    ),
  }));
}

async function recordForRevocation(
  home: Home,
  handle: string | undefined,
  fields: Parameters<typeof wanted>[1] = {},
): Promise<Asked> {
  await tamper(home, wanted(handle, fields));
  return { home, credentialId: 'lost:wanted', handle };
}

function labelled(labels: Map<string, string[]>, label: string): string {
  return [...labels].find(([, stages]) => stages.includes(label))?.[0] ?? '';
}

async function moveCurrent(home: Home, to: string): Promise<void> {
  const from = labelled(await home.world.labels(home.arn), 'AWSCURRENT');
  await home.world.client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: home.arn,
      VersionStage: 'AWSCURRENT',
      RemoveFromVersionId: from,
      MoveToVersionId: to,
    }),
  );
}

async function pendingHandle(home: Home): Promise<{ versionId: string; handle: string }> {
  const versionId = labelled(await home.world.labels(home.arn), 'AWSPENDING');
  const secret = home.world.aws.secretsManager.find(home.arn);
  const text = secret?.versions.get(versionId)?.value?.SecretString ?? '';
  return { versionId, handle: (await credentialIn(home.world, text)).handle };
}

const SITUATIONS: readonly Situation[] = [
  {
    name: 'AWSCURRENT, as the record itself knows',
    says: /AWSCURRENT/,
    async make(subject) {
      const home = await inGrace(subject);
      const current = currentOf(await recordOf(home));
      await tamper(home, (token) => ({
        ...token,
        credentials: token.credentials.map((one) =>
          one.state === 'current' ? { ...one, state: 'revoking', withoutGrace: true } : one,
        ),
      }));
      return { home, credentialId: current?.id ?? '', handle: current?.handle };
    },
  },
  {
    name: 'AWSCURRENT, as its seal says',
    says: /is AWSCURRENT/,
    async make(subject) {
      const home = await inGrace(subject);
      return recordForRevocation(home, await currentHandle(home));
    },
  },
  {
    name: 'AWSCURRENT, as the issuer tells from the value',
    says: /is AWSCURRENT/,
    async make(subject) {
      const home = await adopted(subject);
      return recordForRevocation(home, await currentHandle(home));
    },
  },
  {
    name: 'AWSCURRENT of a plain text, as the issuer tells from the value',
    says: /is AWSCURRENT/,
    async make(subject) {
      const home = await inGrace(subject, { plain: true });
      return recordForRevocation(home, await currentHandle(home), { origin: 'found' });
    },
  },
  {
    name: 'AWSPENDING of an attempt that is under way',
    says: /is AWSPENDING/,
    async make(subject) {
      const home = await midway(subject);
      return recordForRevocation(home, (await pendingHandle(home)).handle);
    },
  },
  {
    name: 'AWSPENDING of an attempt the record knows nothing of',
    says: /is AWSPENDING/,
    async make(subject) {
      const home = await midway(subject);
      const { handle, versionId } = await pendingHandle(home);
      await tamper(home, (token) => ({
        ...token,
        attempts: token.attempts.filter((one) => one.id !== versionId),
      }));
      return recordForRevocation(home, handle);
    },
  },
  {
    name: 'a credential that is in grace under another name in the same record',
    says: /is also the version/,
    async make(subject) {
      const home = await inGrace(subject);
      return recordForRevocation(home, oldOf(await recordOf(home)).handle);
    },
  },
  {
    name: 'a credential in grace that a label shows and the record does not know',
    says: /which the inventory does not know/,
    async make(subject) {
      const home = await inGrace(subject);
      const { handle, id } = oldOf(await recordOf(home));
      await rotateAgain(home);
      const current = currentOf(await recordOf(home));
      assert.ok(current && current.id !== id);
      const newer = (await recordOf(home)).credentials.find(
        (one) => one.state === 'previous' && one.origin === 'minted',
      );
      if (!newer) return recordForRevocation(home, handle);
      await tamper(home, (token) => ({
        ...token,
        credentials: token.credentials.filter((one) => one.id !== newer.id),
      }));
      return recordForRevocation(home, newer.handle);
    },
  },
  {
    name: "the marker of another installation in the same account's project",
    only: ['gitlab'],
    says: /marker of another/,
    async make(subject) {
      const home = await inGrace(subject);
      const other = new World({
        ...CLIENT,
        issuer: () => home.world.issuer,
        beside: home.world,
        installation: 'other',
      });
      const arn = await other.createToken(`${NAME}-other`, {
        value: await other.issuer.createByHand(NAME),
        tags: { ...CALM, 'keyturn:admin': await shareResource(other, NAME, `${NAME}-other`) },
      });
      await complete(other);
      await rotateOnce({ world: other, arn, subject });
      const theirs = await credentialIn(other, await other.read(arn));
      assert.match(theirs.name ?? '', /^keyturn-/);
      return recordForRevocation(home, theirs.handle, { origin: 'found' });
    },
  },
  {
    name: 'a credential that a person made beside ours, taken for a lost one',
    only: ['gitlab'],
    says: /marker/,
    async make(subject) {
      const home = await inGrace(subject);
      const theirs = await credentialIn(home.world, await home.world.issuer.createByHand(NAME));
      return recordForRevocation(home, theirs.handle, { origin: 'found' });
    },
  },
  {
    name: 'a credential that another secret holds too',
    says: /also held by the token/,
    async make(subject) {
      const home = await adopted(subject);
      const admin = await shareResource(home.world, NAME, 'prod/copy');
      await home.world.createToken('prod/copy', {
        value: await home.world.read(home.arn),
        tags: { ...CALM, 'keyturn:admin': admin },
      });
      await complete(home.world);
      await rotateOnce(home);
      await home.world.clock.advanceBy(GRACE_OVER);
      const old = oldOf(await recordOf(home));
      return { home, credentialId: old.id, handle: old.handle };
    },
  },
  {
    name: 'a handle that nobody knows',
    says: /Nothing tells which credential/,
    async make(subject) {
      return recordForRevocation(await inGrace(subject), undefined);
    },
  },
  {
    name: 'a current value that the issuer cannot name, held against a handle without a value',
    says: /Nothing tells whether/,
    async make(subject) {
      const home = await unnamed(subject);
      const victim = await credentialIn(home.world, await home.world.issuer.createByHand(NAME));
      return recordForRevocation(home, victim.handle);
    },
  },
  {
    name: 'a current value that the issuer cannot name, and the same value in what is to die',
    says: /is AWSCURRENT/,
    async make(subject) {
      const home = await unnamed(subject);
      const victim = await credentialIn(home.world, await home.world.issuer.createByHand(NAME));
      return recordForRevocation(home, victim.handle, {
        fingerprint: currentOf(await recordOf(home))?.fingerprint,
      });
    },
  },
  {
    name: 'a label that a person moved back a moment ago',
    says: /AWSCURRENT/,
    async make(subject) {
      const asked = await overdue(subject);
      await moveCurrent(asked.home, asked.credentialId);
      return asked;
    },
  },
  {
    name: 'a value that a person stored a moment ago',
    says: /AWSCURRENT is not the version/,
    async make(subject) {
      const asked = await overdue(subject);
      await put(asked.home.world, asked.home.arn, (await valueOf(asked.home, asked.credentialId)) ?? '');
      return asked;
    },
  },
  {
    name: 'an inventory that is being rebuilt',
    says: /being rebuilt/,
    async make(subject) {
      const asked = await overdue(subject);
      await asked.home.world.inventory.beginRebuild(asked.home.world.clock.now());
      return asked;
    },
  },
  {
    name: 'a secret that was tagged for another installation',
    says: /not registered with this installation/,
    async make(subject) {
      const asked = await overdue(subject);
      await asked.home.world.tag(asked.home.arn, { 'keyturn:installation': 'other' });
      return asked;
    },
  },
  {
    name: 'a secret that is scheduled for deletion',
    says: /scheduled for deletion/,
    async make(subject) {
      const asked = await overdue(subject);
      await asked.home.world.client.send(new DeleteSecretCommand({ SecretId: asked.home.arn }));
      return asked;
    },
  },
  {
    name: 'a generation that nobody claimed',
    says: /not claimed for its end/,
    async make(subject) {
      const home = await inGrace(subject);
      const old = oldOf(await recordOf(home));
      return { home, credentialId: old.id, handle: old.handle };
    },
  },
];

async function rotateAgain(home: Home): Promise<void> {
  if (home.subject.id !== 'okta') return rotateOnce(home);
  const old = oldOf(await recordOf(home));
  await home.world.clock.advanceBy(GRACE_OVER);
  await send(home.world, home.arn, { kind: 'retire', credentialId: old.id });
  await home.world.clock.advanceBy(MINUTE);
  await send(home.world, home.arn, { kind: 'retire', credentialId: old.id });
  await rotateOnce(home);
}

async function valueOf(home: Home, versionId: string): Promise<string | undefined> {
  return home.world.aws.secretsManager.find(home.arn)?.versions.get(versionId)?.value?.SecretString;
}

/** A token whose current value the issuer does not know. */
async function unnamed(subject: Subject): Promise<Home> {
  const home = await adopted(subject);
  await put(
    home.world,
    home.arn,
    JSON.stringify({
      token: 'glpat-nobody-knows-this-one',
      client_secret: 'nobody-knows-this-one',
      client_id: 'x',
    }),
  );
  await home.world.clock.advanceBy(MINUTE);
  const current = currentOf(await recordOf(home));
  assert.equal(current?.handle, undefined, 'the current value should have no handle');
  return home;
}

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`the guard, ${subject.id}`, () => {
    for (const situation of SITUATIONS) {
      if (situation.only && !situation.only.includes(subject.id)) continue;
      test(`refuses ${situation.name}`, async () => {
        const asked = await situation.make(subject);
        const { world, arn } = asked.home;
        const before = (await issued(world)).filter((one) => one.live).map((one) => one.handle);
        assert.ok(
          asked.handle === undefined || before.includes(asked.handle),
          'the credential should live at first',
        );
        if (!/not claimed/.test(situation.says.source)) await claim(asked);
        await send(world, arn, { kind: 'retire', credentialId: asked.credentialId });
        assert.deepEqual(
          (await issued(world)).filter((one) => one.live).map((one) => one.handle),
          before,
          'the command revoked a credential',
        );
        // The command may have given the claim back.
        if (!/not claimed/.test(situation.says.source)) await claim(asked);
        const verdict = await askGuard(asked.home, asked.credentialId);
        assert.ok(!verdict.revoked, 'the guard let it through');
        assert.match(verdict.reason, situation.says);
        assert.match(verdict.reason, /^[A-Z].*\.$/, 'the reason is one sentence');
        assert.deepEqual(
          (await issued(world)).filter((one) => one.live).map((one) => one.handle),
          before,
        );
      });
    }

    test('revokes an old credential whose grace is over, and verifies that', async () => {
      const { home, credentialId, handle } = await overdue(subject);
      await send(home.world, home.arn, { kind: 'retire', credentialId });
      assert.ok(handle && !(await isLive(home.world, handle)));
      await home.world.clock.advanceBy(MINUTE);
      await send(home.world, home.arn, { kind: 'retire', credentialId });
      assert.equal((await recordOf(home)).credentials.find((one) => one.id === credentialId)?.state, 'ended');
    });

    test('revokes what an aborted attempt left, while AWSCURRENT lives', async () => {
      const home = await midway(subject);
      const { versionId, handle } = await pendingHandle(home);
      const current = await currentHandle(home);
      await tamper(home, (token) => ({
        ...token,
        attempts: token.attempts.map((one) => ({
          ...one,
          inactive: true,
          leaseUntil: undefined,
          leaseOwner: undefined,
        })),
      }));
      await send(home.world, home.arn, { kind: 'settle', attemptId: versionId });
      const recordedForRevocation = (await recordOf(home)).credentials.find((one) => one.handle === handle);
      assert.equal(recordedForRevocation?.state, 'revoking');
      await send(home.world, home.arn, { kind: 'retire', credentialId: recordedForRevocation?.id ?? '' });
      assert.ok(!(await isLive(home.world, handle)));
      assert.ok(await isLive(home.world, current));
    });

    test('revokes a credential once the other secret that held it has moved on', async () => {
      const home = await adopted(subject);
      const admin = await shareResource(home.world, NAME, 'prod/copy');
      const copy = await home.world.createToken('prod/copy', {
        value: await home.world.read(home.arn),
        tags: { ...CALM, 'keyturn:admin': admin },
      });
      await complete(home.world);
      const shared = await currentHandle(home);
      await rotateOnce(home);
      await home.world.clock.advanceBy(GRACE_OVER);
      const old = oldOf(await recordOf(home));
      await send(home.world, home.arn, { kind: 'retire', credentialId: old.id });
      assert.ok(await isLive(home.world, shared), 'the copy still uses it');
      await put(home.world, copy, await home.world.read(home.arn));
      await home.world.clock.advanceBy(MINUTE);
      await send(home.world, copy, { kind: 'inspect' });
      const record = await recordOf({ world: home.world, arn: copy });
      const previous = oldOf(record);
      await home.world.clock.advanceBy(GRACE_OVER);
      await send(home.world, copy, { kind: 'retire', credentialId: previous.id });
      await home.world.clock.advanceBy(HOUR);
      await send(home.world, home.arn, { kind: 'retire', credentialId: old.id });
      assert.ok(!(await isLive(home.world, shared)), 'nobody holds it any more');
    });
  });
}
