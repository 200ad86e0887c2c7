import { UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { HOUR, MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { currentOf, credentialOf } from '../../functions/core/token/lookups.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import type { Token } from '../../functions/core/token/token.ts';
import type { FaultPlan } from '../world/faults.ts';
import type { World } from '../world/world.ts';
import { apart, inTurn } from '../extent.ts';
import {
  CALM,
  SUBJECTS,
  adopted,
  credentialIn,
  drive,
  inGrace,
  isLive,
  oldOf,
  put,
  recordOf,
  send,
  tamper,
  type Home,
  type Subject,
} from './home.ts';

function report(world: World, arn: string, one: Credential): Promise<boolean> {
  const now = world.clock.now();
  return world.command({
    kind: 'compromise',
    tokenId: tokenIdOf(arn),
    notAfter: now + 10 * MINUTE,
    source: 'a scanner',
    reportedAt: now,
    ...(one.fingerprint !== undefined && { fingerprint: one.fingerprint }),
  });
}

async function moveLabel({ world, arn }: Home, to: string): Promise<void> {
  const from = [...(await world.labels(arn))].find(([, labels]) => labels.includes('AWSCURRENT'))?.[0];
  await world.client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: arn,
      VersionStage: 'AWSCURRENT',
      RemoveFromVersionId: from,
      MoveToVersionId: to,
    }),
  );
}

async function currentHandle({ world, arn }: Home): Promise<string> {
  return (await credentialIn(world, await world.read(arn))).handle;
}

/** Whatever came between: what leaked is revoked and not current, and what is current lives. */
async function isAnswered(home: Home, handle: string, within: number): Promise<void> {
  home.world.line.heal();
  home.world.startSchedules();
  await home.world.clock.advanceBy(within);
  const current = await currentHandle(home);
  assert.notEqual(current, handle, 'what leaked is current');
  assert.ok(await isLive(home.world, current), 'what is current is inactive');
  assert.equal(await isLive(home.world, handle), false, 'what leaked lives');
  const [incident] = (await recordOf(home)).incidents ?? [];
  assert.ok(incident?.containedAt !== undefined && incident.replacedAt !== undefined, 'the incident is open');
}

/** A token whose current credential was reported, while every revoke of its issuer fails until `mend`. */
async function leakedUnrevoked(subject: Subject) {
  const home = await adopted(subject);
  const { world, arn } = home;
  const current = currentOf(await recordOf(home));
  assert.ok(current?.handle);
  const first = { ...current, handle: current.handle };
  const mend = brokenRevokes(world);
  world.startSchedules();
  await drive(world, () => report(world, arn, first));
  return { home, first, mend };
}

interface Disturbed {
  readonly home: Home;
  /** How many calls the act made; the disturbance came before the one with the index. */
  readonly calls: number;
  readonly wasHit: boolean;
}

/** Does something while an act makes its call number `index`, counted from 0. */
async function disturbed(
  subject: Subject,
  index: number,
  worker: (home: Home) => Promise<unknown>,
  meanwhile: (home: Home) => Promise<unknown>,
): Promise<Disturbed> {
  const plan: FaultPlan[] = [];
  let at = Infinity;
  let wasHit = false;
  const homes: Home[] = [];
  const disturb = async (world: World): Promise<void> => {
    const [home] = homes;
    if (wasHit || !home || world.line.calls.length - 1 !== at) return;
    wasHit = true;
    void world.clock.activity(async () => void (await meanwhile(home)));
    await world.clock.sleep(2 * SECOND);
  };
  const home = await inGrace(subject, { options: { plan, disturb } });
  homes.push(home);
  const before = home.world.line.calls.length;
  at = before + index;
  plan.push({ index: at, fault: 'console-rotates' });
  await worker(home);
  return { home, calls: home.world.line.calls.length - before, wasHit };
}

/** A rotation makes some hundred calls, of which every so many is tried. */
const STRIDE = 7;

function told(world: World, what: string): number {
  return world.facts.filter((fact) => fact.type === 'lifecycle' && fact.what === what).length;
}

/** Revokes are refused as by an issuer that is down, until it is mended. */
function brokenRevokes(world: World): () => void {
  const real = world.issuer.fetch.bind(world.issuer);
  let isDown = true;
  world.issuer.fetch = async (request) =>
    isDown && (request.method === 'DELETE' || request.url.includes('deactivate'))
      ? new Response('{}', { status: 503 })
      : real(request);
  return () => {
    isDown = false;
  };
}

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`what leaked becomes current again at ${subject.id}`, () => {
    it('never stays so, at whatever call of a rollback the report is carried out', async () => {
      for (let index = -1, most = 0; index < most; index += apart(1)) {
        let old: Credential | undefined;
        const rollBack = async (home: Home): Promise<void> => {
          old = oldOf(await recordOf(home));
          await send(home.world, home.arn, { kind: 'rollback', credentialId: old.id });
        };
        const { home, calls, wasHit } = await disturbed(
          subject,
          index,
          rollBack,
          async ({ world, arn }) => old && report(world, arn, old),
        );
        if (index === -1) most = calls;
        if (index === -1) continue;
        assert.ok(wasHit && old?.handle, `call ${index} was not made`);
        await isAnswered(home, old.handle, 3 * HOUR);
      }
    });

    it('by a rollback that broke off before its label moved: what leaked is revoked', async () => {
      const home = await inGrace(subject);
      const { world, arn } = home;
      const token = await recordOf(home);
      const old = oldOf(token);
      await tamper(home, (one) => ({
        ...one,
        credentials: one.credentials.map((same) =>
          same.id === old.id
            ? {
                ...same,
                state: 'rolling-back' as const,
                restoreFrom: currentOf(token)?.id,
                lookAt: world.clock.now() + 10 * MINUTE,
              }
            : same,
        ),
      }));
      await drive(world, () => report(world, arn, old));
      assert.notEqual(credentialOf(await recordOf(home), old.id)?.state, 'rolling-back');
      await isAnswered(home, old.handle ?? '', 2 * HOUR);
    });

    it(
      'by a person, while its revoke fails: the answer begins anew at once, and the time to it is the ' +
        'longer one',
      async () => {
        const { home, first, mend } = await leakedUnrevoked(subject);
        const { world } = home;
        await world.clock.advanceBy(3 * MINUTE);
        assert.notEqual(await currentHandle(home), first.handle, 'it was not replaced');
        await moveLabel(home, first.id);
        await world.clock.advanceBy(5 * MINUTE);
        assert.notEqual(await currentHandle(home), first.handle, 'the answer did not begin anew');
        mend();
        await isAnswered(home, first.handle, 2 * HOUR);
        assert.deepEqual(
          [told(world, 'replaced'), told(world, 'replacement-withdrawn'), told(world, 'contained')],
          [2, 1, 1],
        );
        const [incident] = (await recordOf(home)).incidents ?? [];
        assert.ok((incident?.replacedAt ?? 0) > (incident?.reportedAt ?? 0) + 3 * MINUTE);
      },
    );

    it('by a person, three times in a day: nothing is rotated any more before a person says so', async () => {
      const { home, first, mend } = await leakedUnrevoked(subject);
      const { world, arn } = home;
      for (let time = 0; time < 3; time++) {
        await world.clock.advanceBy(10 * MINUTE);
        assert.notEqual(await currentHandle(home), first.handle, `it was not replaced after ${time} returns`);
        await moveLabel(home, first.id);
      }
      mend();
      await world.clock.advanceBy(4 * HOUR);
      assert.equal(await currentHandle(home), first.handle, 'it was rotated without a word of anybody');
      assert.ok(await isLive(world, first.handle), 'what a person wants there was revoked');
      const open = (await recordOf(home)).findings.filter((one) => one.state === 'open');
      assert.match(
        open.find((one) => one.kind === 'credential-leaked')?.detail ?? '',
        /3 times within a day.*keyturn report-leak/,
      );
      await drive(world, () => report(world, arn, first));
      await isAnswered(home, first.handle, 4 * HOUR);
    });

    it('as a value that somebody stores once more: that is another version of what leaked', async () => {
      const home = await adopted(subject);
      const { world, arn } = home;
      const text = await world.read(arn);
      const first = currentOf(await recordOf(home));
      assert.ok(first?.handle);
      world.startSchedules();
      await drive(world, () => report(world, arn, first));
      await world.clock.advanceBy(HOUR);
      await put(world, arn, text);
      await world.clock.advanceBy(HOUR);
      assert.ok(told(world, 'replacement-withdrawn') > 0, 'nobody heard of it');
      await isAnswered(home, first.handle, 2 * HOUR);
    });
  });

  describe(`what a rotation made at ${subject.id}, and what leaked before its end`, () => {
    it('does not stay current, at whatever call of its last step the report is carried out', async () => {
      for (let index = -1, most = 0; index < most; index += apart(STRIDE)) {
        let made: string | undefined;
        const isOpen = (token: Token): boolean =>
          token.attempts.some((one) => one.state === 'open' || one.state === 'promoting');
        const leak = async (home: Home): Promise<void> => {
          const token = await recordOf(home);
          const mint = token.attempts
            .findLast((one) => one.mints.some((same) => same.handle !== undefined))
            ?.mints.at(-1);
          if (!isOpen(token) || mint?.fingerprint === undefined) return;
          made = mint.handle;
          await report(home.world, home.arn, {
            id: 'made',
            origin: 'minted',
            state: 'current',
            fingerprint: mint.fingerprint,
          });
        };
        const rotate = async (home: Home): Promise<void> => {
          await send(home.world, home.arn, { kind: 'retire', credentialId: oldOf(await recordOf(home)).id });
          await send(home.world, home.arn, { kind: 'rotate' });
          await home.world.clock.advanceBy(3 * MINUTE);
        };
        const { home, calls } = await disturbed(subject, index, rotate, leak);
        if (index === -1) most = calls;
        if (made !== undefined) await isAnswered(home, made, 4 * HOUR);
      }
    });
  });
}

describe('a rollback to what must not be current', () => {
  for (const [name, mark, words] of [
    ['leaked', (one: Credential): Credential => one, /has leaked/],
    [
      'is to be revoked because a person asked',
      (one: Credential): Credential => ({
        ...one,
        withoutGrace: true,
        askedBy: 'ann',
        reason: 'ann asked for it',
      }),
      /ann asked for it/,
    ],
    [
      'is to be revoked for another reason',
      (one: Credential): Credential => ({ ...one, withoutGrace: true, reason: 'it was a mistake' }),
      /it was a mistake/,
    ],
  ] as const)
    it(`is refused with a sentence where it ${name}`, async () => {
      const [subject] = SUBJECTS;
      assert.ok(subject);
      const home = await inGrace(subject, {
        tags: { ...CALM, 'keyturn:min-grace': '2h', 'keyturn:max-grace': '10d' },
      });
      const { world, arn } = home;
      const old = oldOf(await recordOf(home));
      const incident = {
        id: 'i',
        exposed: [{ id: old.id, ...(old.fingerprint !== undefined && { fingerprint: old.fingerprint }) }],
        source: 'a scanner',
        reportedAt: world.clock.now(),
        held: true,
      };
      await tamper(home, (token) => ({
        ...token,
        ...(name === 'leaked' && { incidents: [incident] }),
        credentials: token.credentials.map((one) => (one.id === old.id ? mark(one) : one)),
      }));
      const before = await currentHandle(home);
      await send(world, arn, { kind: 'rollback', credentialId: old.id });
      assert.equal(await currentHandle(home), before);
      const said = world.facts.flatMap((fact) =>
        fact.type === 'lifecycle' && fact.what === 'refused' ? [fact.detail] : [],
      );
      assert.match(said.at(-1) ?? '', words);
    });
});

describe('a return that was asked for', () => {
  it('lapses when another credential has become current since', async () => {
    const [subject] = SUBJECTS;
    assert.ok(subject);
    const home = await inGrace(subject);
    const { world } = home;
    const old = oldOf(await recordOf(home));
    await tamper(home, (token) => ({
      ...token,
      credentials: token.credentials.map((one) =>
        one.id === old.id
          ? { ...one, state: 'rolling-back' as const, restoreFrom: 'another', lookAt: 0 }
          : one,
      ),
    }));
    const before = await currentHandle(home);
    await send(world, home.arn, { kind: 'rollback', credentialId: old.id });
    assert.equal(await currentHandle(home), before);
    assert.notEqual(credentialOf(await recordOf(home), old.id)?.state, 'rolling-back');
  });
});
