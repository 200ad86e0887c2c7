import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import type { Ports } from '../../functions/core/ports/ports.ts';
import { CANARY_LABEL } from '../../functions/core/basics/names.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { silentIn } from '../../functions/core/assessment/unfinished.ts';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import { inTurn } from '../extent.ts';
import { NAME, SHORT, SUBJECTS, adopted, put, recordOf, type Home, type Subject } from './home.ts';

/** Some methods of a port fail while the switch is on. */
function failing<P extends object>(
  port: P,
  methods: readonly string[],
  isOn: () => boolean,
  why: () => Error,
): P {
  return new Proxy(port, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function' || !methods.includes(String(key))) return member;
      return async (...args: unknown[]): Promise<unknown> => {
        if (isOn()) throw why();
        return Reflect.apply(member, target, args);
      };
    },
  });
}

const refusal = (): Error =>
  new KeyturnError('aws-failed', 'AWS did not do secretsmanager:PutSecretValue: AccessDeniedException.');
const keyless = (): Error =>
  new KeyturnError('aws-failed', 'AWS did not do kms:GenerateMac: DisabledException.');

/** Tokens have a life of weeks: what happens is this test's doing alone. */
const LONG = { ...SHORT, 'keyturn:rotate-every': '1d', 'keyturn:max-age': '60d', 'keyturn:jitter': '0m' };

async function homeIn(
  subject: Subject,
  broken: { value: boolean },
  wrap: (ports: Ports) => Ports,
): Promise<Home> {
  const home = await adopted(subject, { tags: LONG, options: { wrap } });
  home.world.startSchedules();
  await home.world.clock.advanceBy(20 * HOUR);
  broken.value = true;
  return home;
}

async function made({ world }: Home): Promise<number> {
  return (await world.issuer.credentials(NAME)).length;
}

/** What lives at the issuer and stands in no record. */
async function livingElsewhere(home: Home): Promise<number> {
  const token = await recordOf(home);
  const known = new Set([
    ...token.credentials.map((one) => one.handle),
    ...token.attempts.flatMap((one) => one.mints.map((mint) => mint.handle)),
  ]);
  return (await home.world.issuer.credentials(NAME)).filter((one) => one.live && !known.has(one.handle))
    .length;
}

async function assertMended(home: Home, before: string | undefined): Promise<void> {
  await home.world.clock.advanceBy(13 * HOUR);
  const token = await recordOf(home);
  assert.notEqual(currentOf(token)?.id, before, 'it rotates once the cause is over');
  assert.deepEqual(
    [...(await home.world.labels(home.arn)).values()].flat().filter((label) => label === CANARY_LABEL),
    [],
    'the test of the store leaves no label',
  );
  assert.equal(token.lostMint, undefined);
  assert.deepEqual(silentIn(token, home.world.clock.now()), []);
  assert.equal(token.findings.filter((one) => one.state === 'open').length, 0);
  assert.equal(
    (await home.world.issuer.credentials(NAME)).filter((one) => one.live).length,
    token.credentials.filter((one) => one.state !== 'ended').length,
  );
}

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  test(
    `${subject.id}: a secret that takes no version costs one credential in three days, and the finding ` +
      'names the refusal',
    async () => {
      const broken = { value: false };
      const home = await homeIn(subject, broken, (ports) => ({
        ...ports,
        secrets: failing(ports.secrets, ['putPending', 'tryStore'], () => broken.value, refusal),
      }));
      const count = await made(home);
      const before = currentOf(await recordOf(home))?.id;
      await home.world.clock.advanceBy(3 * DAY);
      assert.ok((await made(home)) - count <= 1, `${(await made(home)) - count} were made`);
      assert.equal(await livingElsewhere(home), 0);
      const open = (await recordOf(home)).findings.filter((one) => one.state === 'open');
      assert.deepEqual(silentIn(await recordOf(home), home.world.clock.now()), []);
      assert.match(
        open.find((one) => one.kind === 'rotation-failed')?.detail ?? '',
        /PutSecretValue: AccessDeniedException/,
      );
      broken.value = false;
      await assertMended(home, before);
    },
  );

  test(`${subject.id}: where a test of the store shows nothing, at most one a day is lost`, async () => {
    const broken = { value: false };
    const home = await homeIn(subject, broken, (ports) => ({
      ...ports,
      secrets: failing(ports.secrets, ['putPending'], () => broken.value, refusal),
    }));
    const count = await made(home);
    await home.world.clock.advanceBy(3 * DAY);
    assert.ok((await made(home)) - count <= 1 + 3, `${(await made(home)) - count} were made`);
    assert.match(
      (await recordOf(home)).findings.find((one) => one.state === 'open' && one.kind === 'rotation-failed')
        ?.detail ?? '',
      /PutSecretValue/,
    );
    assert.equal(await livingElsewhere(home), 0);
  });

  test(`${subject.id}: a key that fails right after a creation leaves each one on record`, async () => {
    const broken = { value: false };
    let isMade = false;
    const home = await homeIn(subject, broken, (ports) => ({
      ...ports,
      seals: failing(ports.seals, ['of'], () => broken.value && isMade, keyless),
    }));
    const plain = home.world.issuer.fetch.bind(home.world.issuer);
    home.world.issuer.fetch = async (request) => {
      if (request.method === 'POST') isMade = true;
      return plain(request);
    };
    const count = await made(home);
    const before = currentOf(await recordOf(home))?.id;
    for (let day = 0; day < 3; day++) {
      await home.world.clock.advanceBy(DAY);
      assert.equal(await livingElsewhere(home), 0);
    }
    assert.ok((await made(home)) - count <= 1, `${(await made(home)) - count} were made`);
    assert.match((await recordOf(home)).lastError?.message ?? '', /kms:GenerateMac: DisabledException/);
    broken.value = false;
    await assertMended(home, before);
  });

  test(`${subject.id}: what would be too long to be stored is not made`, async () => {
    const broken = { value: false };
    const home = await homeIn(subject, broken, (ports) => ports);
    const { world, arn } = home;
    const text = JSON.parse(await world.read(arn)) as Record<string, unknown>;
    await put(
      world,
      arn,
      JSON.stringify({ ...text, config: 'x'.repeat(65_536 - JSON.stringify(text).length - 200) }),
    );
    const count = await made(home);
    await world.clock.advanceBy(3 * DAY);
    assert.equal((await made(home)) - count, 0);
    const open = (await recordOf(home)).findings.filter((one) => one.state === 'open');
    assert.ok(
      open.some((one) => /65536/.test(one.detail)),
      JSON.stringify(open),
    );
    await world.clock.advanceBy(HOUR);
  });
}
