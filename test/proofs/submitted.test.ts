import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { submitValue } from '../../functions/adapters/secrets-manager/submit.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { SUBMITTED_LABEL, tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { githubSimulator } from '../../lib/sandbox/issuers/github.ts';
import type { ChosenToken, SubmittedSimulator } from '../../lib/sandbox/issuers/submitted.ts';
import { everythingIn } from '../contracts/world.ts';
import { World } from '../world/world.ts';
import { CLIENT, NAME, complete, drive, send, tamper } from './home.ts';

const OTHER = 'prod/other/token';
const TAGS = {
  'keyturn:rotate-every': '30d',
  'keyturn:max-age': '60d',
  'keyturn:rotate-before-expiry': '10d',
  'keyturn:min-grace': '2h',
  'keyturn:cache-ttl': '1m',
  'keyturn:jitter': '0s',
};

interface Home {
  readonly world: World;
  readonly arn: string;
  readonly github: SubmittedSimulator;
  readonly first: string;
}

interface Given {
  readonly tags?: Record<string, string>;
  readonly first?: ChosenToken;
  /** While it is on, GitHub lets in nothing from here. */
  readonly shut?: { readonly isOn: boolean };
}

async function home({ tags, first: chosen, shut }: Given = {}): Promise<Home> {
  let made: SubmittedSimulator | undefined;
  const gateway = (): Response | undefined =>
    shut?.isOn === true ? Response.json({ message: 'not from this address' }, { status: 403 }) : undefined;
  const world = new World({
    ...CLIENT,
    issuer: (clock) => (made = githubSimulator({ clock, delays: { revokeLag: MINUTE }, knobs: { gateway } })),
  });
  assert.ok(made);
  await world.createAdminSecret([NAME, OTHER]);
  const first = made.create(NAME, chosen);
  const arn = await world.createToken(NAME, {
    value: JSON.stringify({ token: first }),
    tags: { ...TAGS, ...tags },
  });
  await complete(world);
  return { world, arn, github: made, first };
}

function submit({ world, arn }: Home, value: string): Promise<void> {
  return submitValue(world.client, arn, { versionId: crypto.randomUUID(), value: new Secret(value) });
}

async function tokenOf({ world, arn }: Home): Promise<Token> {
  return (await world.record(arn)) ?? assert.fail('no record');
}

async function open(one: Home): Promise<string[]> {
  return (await tokenOf(one)).findings.filter(({ state }) => state === 'open').map(({ kind }) => kind);
}

async function currentValue({ world, arn }: Home): Promise<string> {
  return String(JSON.parse(await world.read(arn))['token']);
}

async function isLive({ github }: Home, value: string): Promise<boolean> {
  return (await github.credentials(NAME)).find((one) => one.value === value)?.live ?? false;
}

/** Nothing that Keyturn keeps or tells may hold a value. */
function assertNowhere({ world }: Home, ...values: readonly string[]): void {
  const told = everythingIn([world.facts, world.logged, world.errors, world.inventory, world.queue]);
  assert.ok(told.includes(NAME), 'the search finds nothing at all');
  for (const value of values) assert.ok(!told.includes(value), 'a value was told');
}

describe('a value that a person creates', () => {
  it('is due at its time with one finding; nothing is rotated or fails before it is submitted', async () => {
    const one = await home();
    const { world } = one;
    world.startSchedules();
    await world.clock.advanceBy(29 * DAY);
    assert.deepEqual(await open(one), []);
    await world.clock.advanceBy(2 * DAY);
    assert.deepEqual(await open(one), ['value-due']);
    const token = await tokenOf(one);
    assert.deepEqual([token.attempts.length, token.failures], [0, 0]);
    const [finding] = token.findings;
    assert.match(
      finding?.detail ?? '',
      /https:\/\/github\.com\/settings\/.*keyturn rotate prod\/app\/token --value-stdin/,
    );
    assert.equal(finding?.severity, 'warning');
  });

  it('is due in time before the expiry, and weighs more as it nears', async () => {
    const one = await home({
      first: { expiresAt: Date.UTC(2026, 0, 30) },
      tags: { 'keyturn:rotate-every': '90d', 'keyturn:max-age': '180d' },
    });
    one.world.startSchedules();
    await one.world.clock.advanceBy(16 * DAY);
    assert.deepEqual(await open(one), ['value-due']);
    assert.equal((await tokenOf(one)).findings[0]?.severity, 'warning');
    await one.world.clock.advanceBy(4 * DAY);
    assert.equal((await tokenOf(one)).findings[0]?.severity, 'critical');
  });

  it('takes the usual way once it is submitted: tested, promoted, grace, revoked, verified', async () => {
    const one = await home();
    const { world, arn, github, first } = one;
    const second = github.create(NAME);
    await submit(one, second);
    const command = {
      kind: 'rotate',
      tokenId: tokenIdOf(arn),
      notAfter: world.clock.now() + HOUR,
    } as const;
    for (let delivery = 0; delivery < 2; delivery++) {
      await drive(world, () => world.command(command));
      await world.clock.advanceBy(3 * MINUTE);
    }
    assert.ok(!world.logged.join().includes('Only a person'), 'a second delivery is no second request');
    assert.equal(await currentValue(one), second);
    assert.ok(await isLive(one, first), 'the old one has its grace');
    assert.ok(![...(await world.labels(arn)).values()].flat().includes(SUBMITTED_LABEL));
    assert.equal((await tokenOf(one)).submitted, undefined);
    world.startSchedules();
    await world.clock.advanceBy(DAY);
    assert.ok(!(await isLive(one, first)));
    assert.ok(await isLive(one, second));
    const token = await tokenOf(one);
    const old = token.credentials.find(({ state }) => state === 'ended');
    assert.equal(old?.proof, 'value');
    assert.deepEqual(await open(one), []);
    assert.ok(currentOf(token)?.handle?.includes('/values/'));
    assertNowhere(one, first, second);
  });

  it('is not revoked under the handle of another value, and people are asked to look', async () => {
    const one = await home();
    const { world, arn, github, first } = one;
    const second = github.create(NAME);
    await submit(one, second);
    await send(world, arn, { kind: 'rotate' });
    await world.clock.advanceBy(3 * MINUTE);
    assert.equal(await currentValue(one), second);
    await tamper(one, (token) => ({
      ...token,
      credentials: token.credentials.map((old) =>
        old.state === 'previous' ? { ...old, handle: `${old.handle}0` } : old,
      ),
    }));
    world.startSchedules();
    await world.clock.advanceBy(DAY);
    assert.ok(await isLive(one, first));
    assert.ok(await isLive(one, second));
    assert.ok((await open(one)).includes('revocation-blocked'));
  });

  it('is taken up by the sweep when the request is lost', async () => {
    const one = await home();
    const second = one.github.create(NAME);
    one.world.startSchedules();
    await one.world.clock.advanceBy(HOUR);
    await submit(one, second);
    await one.world.clock.advanceBy(12 * HOUR);
    assert.equal(await currentValue(one), second);
  });

  const wrong: readonly [string, (one: Home) => string, RegExp, Parameters<typeof home>[0]?][] = [
    ['of another account', ({ github }) => github.create(OTHER), /belongs to robot-583232/],
    ['that the issuer rejects', () => `ghp_${'x'.repeat(36)}`, /rejects it/],
    [
      'that expires too soon',
      ({ github, world }) => github.create(NAME, { expiresAt: world.clock.now() + 2 * DAY }),
      /too soon/,
    ],
    ['that is no value', () => 'GITHUB_TOKEN=', /not understood/],
  ];
  for (const [what, make, says] of wrong)
    it(`${what} is refused: nothing is lost, and the old one goes on`, async () => {
      const one = await home();
      const value = make(one);
      await submit(one, value);
      await send(one.world, one.arn, { kind: 'rotate' });
      await one.world.clock.advanceBy(5 * MINUTE);
      one.world.startSchedules();
      await one.world.clock.advanceBy(HOUR);
      const token = await tokenOf(one);
      assert.match(token.lastError?.message ?? '', says);
      assert.equal(await currentValue(one), one.first);
      assert.ok(await isLive(one, one.first));
      assert.ok((await open(one)).includes('rotation-failed'));
      assert.equal(token.credentials.length, 1);
      for (const user of [NAME, OTHER])
        assert.ok(
          (await one.github.credentials(user)).every(({ live }) => live),
          'nothing was revoked',
        );
      assertNowhere(one, one.first, value);
      // What is right is taken afterwards.
      const good = one.github.create(NAME);
      await submit(one, good);
      assert.ok(await send(one.world, one.arn, { kind: 'rotate' }));
      await one.world.clock.advanceBy(3 * MINUTE);
      assert.equal(await currentValue(one), good);
    });

  it('that is the current one is no new one, and no failure', async () => {
    const one = await home();
    await submit(one, one.first);
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(5 * MINUTE);
    one.world.startSchedules();
    await one.world.clock.advanceBy(HOUR);
    assert.deepEqual(await open(one), []);
    assert.ok(await isLive(one, one.first));
  });

  it('that leaked is replaced by a person, asked at once, then revoked without grace', async () => {
    const one = await home();
    const { world, arn, github, first } = one;
    world.startSchedules();
    await world.clock.advanceBy(HOUR);
    const head = { tokenId: tokenIdOf(arn), notAfter: world.clock.now() + HOUR };
    const { fingerprint = '' } = currentOf(await tokenOf(one)) ?? {};
    const report = {
      kind: 'compromise',
      source: 'a person',
      reportedAt: world.clock.now(),
      fingerprint,
    } as const;
    await drive(world, () => world.command({ ...head, ...report }));
    await world.clock.advanceBy(HOUR);
    assert.ok(await isLive(one, first), 'nothing has taken its place');
    const due = (await tokenOf(one)).findings.find(({ kind }) => kind === 'value-due');
    assert.equal(due?.severity, 'critical');
    assert.match(due.detail, /leaked/);
    const second = github.create(NAME);
    await submit(one, second);
    assert.ok(await send(world, arn, { kind: 'rotate' }));
    await world.clock.advanceBy(HOUR);
    assert.equal(await currentValue(one), second);
    assert.ok(!(await isLive(one, first)));
    assert.deepEqual(await open(one), []);
    assertNowhere(one, first, second);
  });

  it('that GitHub tells nothing of, as from another network, is neither refused nor lost', async () => {
    const shut = { isOn: false };
    const one = await home({ shut });
    const second = one.github.create(NAME);
    await submit(one, second);
    shut.isOn = true;
    await send(one.world, one.arn, { kind: 'rotate' });
    one.world.startSchedules();
    await one.world.clock.advanceBy(2 * HOUR);
    assert.equal(await currentValue(one), one.first);
    assert.ok(await isLive(one, second), 'it was not revoked');
    shut.isOn = false;
    await one.world.clock.advanceBy(12 * HOUR);
    assert.equal(await currentValue(one), second);
  });

  it('is not stored where it would become current by itself', async () => {
    const one = await home();
    const arn = await one.world.createToken(OTHER);
    await assert.rejects(submit({ ...one, arn }, one.github.create(OTHER)), /has no value yet.*store \{\}/);
    assert.ok(![...(await one.world.labels(arn)).values()].flat().includes(SUBMITTED_LABEL));
  });

  it('is not asked for in noise when somebody starts a rotation without it', async () => {
    const one = await home();
    one.world.startSchedules();
    await one.world.client.send(new RotateSecretCommand({ SecretId: one.arn }));
    await one.world.clock.advanceBy(2 * HOUR);
    const token = await tokenOf(one);
    assert.equal(token.failures, 0);
    assert.deepEqual(await open(one), []);
    assert.equal(await currentValue(one), one.first);
    assert.equal(await send(one.world, one.arn, { kind: 'rotate' }), true);
    assert.match(one.world.logged.join('\n'), /Only a person can create a value/);
    assert.equal((await tokenOf(one)).attempts.filter(({ state }) => state === 'open').length, 0);
  });
});
