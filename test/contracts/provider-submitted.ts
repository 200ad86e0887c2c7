import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import {
  canRevoke,
  type RevokingSession,
  type SubmittedSession,
} from '../../functions/core/issuer/provider.ts';
import type { SubmittedProvider } from '../../functions/providers/declared/submitted.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import type { SubmittedOptions, SubmittedSimulator } from '../../lib/sandbox/issuers/submitted.ts';
import { partOf } from '../extent.ts';
import { append, noting, type Exchange } from './exchanges.ts';
import { FOREIGN_ANSWERS } from './foreign-answers.ts';
import { assertCode, everythingIn, recordingWorld, rejection, type World } from './world.ts';

const [MINE, OTHER] = ['ci/mine', 'ci/other'];

/** An issuer whose values people create, to be tried. */
export interface SubmittedContract {
  readonly provider: SubmittedProvider;
  readonly simulator: (options: SubmittedOptions) => SubmittedSimulator;
  /** Two scopes that a person may choose, in the order of the alphabet; left out where it tells none. */
  readonly scopes?: readonly [string, string];
  /** Whether it tells when a value ends. */
  readonly tellsExpiry: boolean;
  /**
   * The request that revokes, such as `DELETE /tokens/self`, and the status of its success; left out where
   * only people revoke.
   */
  readonly revokes?: { readonly request: string; readonly done: number };
  /**
   * What the check says of a value of another account: `unknown`, unless its issuer is asked as an account,
   * and refuses whatever is none of that one.
   */
  readonly othersAre?: 'inactive';
  /** Another account, as a grant names it in `formerly`, and as it is recorded. */
  readonly former: { readonly grant: object; readonly account: string };
  /** Grants that are wrong, by the field that the sentence has to name. */
  readonly wrong: Readonly<Record<string, object>>;
}

interface Setup {
  readonly clock: VirtualClock;
  readonly issuer: SubmittedSimulator;
  readonly world: World;
  readonly session: SubmittedSession;
  readonly admin: Secret;
}

/** What every provider keeps whose issuer asks about, and revokes, what a person created by its value. */
export function defineSubmittedContract(contract: SubmittedContract): void {
  const { id } = contract.provider.descriptor;
  const exchanges: Exchange[] = [];
  const issuers: SubmittedSimulator[] = [];

  function setup(grant: object = {}): Setup {
    const clock = new VirtualClock(Date.UTC(2026, 2, 2, 10));
    const issuer = contract.simulator({ clock });
    issuers.push(issuer);
    const world = recordingWorld(
      clock,
      noting(id, (request) => issuer.fetch(request), exchanges),
    );
    const { grants, ...rest } = JSON.parse(issuer.adminSecret([MINE, OTHER]));
    const admin = new Secret(JSON.stringify({ ...rest, grants: [{ ...grants[0], ...grant }, grants[1]] }));
    const session = contract.provider.open(admin, MINE, world.tools);
    assert.ok(session.kind === 'submitted');
    return { clock, issuer, world, session, admin };
  }

  describe(`${id} keeps the contract of values that people create`, () => {
    after(async () => {
      const credentials = issuers.map((one) => Promise.all([one.credentials(MINE), one.credentials(OTHER)]));
      append(
        exchanges,
        (await Promise.all(credentials)).flat(2).map(({ value }) => value),
      );
    });
    defineAsking(contract, setup);
    if (contract.revokes) defineRevocation(contract.revokes, setup);
    else defineNoRevocation(contract, setup);
    defineAdmin(contract, setup);
  });
}

type SetUp = (grant?: object) => Setup;

function defineAsking({ scopes, tellsExpiry, provider, othersAre }: SubmittedContract, setup: SetUp): void {
  it('tells whose a value is, what it may do and when it ends', async () => {
    const { issuer, session, clock, world } = setup();
    const expiresAt = clock.now() + HOUR;
    const value = new Secret(
      issuer.create(MINE, { expiresAt, ...(scopes && { scopes: scopes.toReversed() }) }),
    );
    const told = { ...(scopes && { scopes }), ...(tellsExpiry && { expiresAt }) };
    const shown = await session.ask(value);
    assert.ok(shown.outcome === 'active');
    const { outcome, account, called, ...more } = shown;
    assert.notEqual(called, '');
    assert.equal(account, session.reach.account);
    assert.deepEqual(more, told);
    assert.deepEqual(await session.probe(value), { outcome, ...told });
    const sent = world.sent.map((one) => one.host);
    assert.deepEqual(new Set(sent), new Set([issuer.host]));
    const endless = await session.ask(new Secret(issuer.create(MINE)));
    assert.ok(endless.outcome === 'active' && endless.expiresAt === undefined);
  });

  it("asks at the vendor's own host before a value is submitted", async () => {
    const { issuer, world, session } = setup();
    const value = new Secret(issuer.create(MINE));
    const shown = await provider.ask(value, world.tools, session.reach.account);
    assert.ok(shown.outcome === 'active' && shown.account === session.reach.account);
    assert.ok(provider.descriptor.hosts?.includes(world.sent.at(-1)?.host ?? ''));
  });

  it('takes a value of another account for none of this one, whether it works or not', async () => {
    const { issuer, session } = setup();
    const probe = await session.probe(new Secret(issuer.create(OTHER)));
    if (othersAre !== undefined) return assert.deepEqual(probe, { outcome: othersAre });
    assert.ok(probe.outcome === 'unknown');
    assert.match(probe.reason, new RegExp(`another account than ${session.reach.account}`));
  });

  it('takes for inactive only what its issuer refuses in its own words', async () => {
    const { issuer, world, session } = setup();
    const value = new Secret(issuer.create(MINE));
    for (const { name, response } of partOf(FOREIGN_ANSWERS, provider.descriptor.id)) {
      world.intercept(response);
      const probe = await session.probe(value);
      assert.equal(probe.outcome, 'unknown', name);
      assert.ok(!everythingIn(probe).includes(value.reveal()), name);
    }
    world.intercept(undefined);
    assert.deepEqual(await session.probe(new Secret('nobody-knows-this-value')), { outcome: 'inactive' });
  });

  it('takes neither answer for one under another status', async () => {
    const { issuer, world, session } = setup();
    world.intercept(async (request) => {
      const answer = await issuer.fetch(request);
      return new Response(answer.body, { status: answer.ok ? 203 : 403, headers: answer.headers });
    });
    for (const value of [issuer.create(MINE), 'nobody-knows-this-value'])
      assert.equal((await session.probe(new Secret(value))).outcome, 'unknown', value);
  });

  it('tells of a value that expired as of one that is revoked', async () => {
    const { issuer, session, clock } = setup();
    const value = new Secret(issuer.create(MINE, { expiresAt: clock.now() + HOUR }));
    await clock.advanceBy(2 * HOUR);
    assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
  });
}

/** The session, and what revokes by it. */
function revokingSetup(setup: SetUp): Setup & { readonly session: RevokingSession } {
  const { session, ...rest } = setup();
  assert.ok(canRevoke(session), 'it cannot revoke');
  return { ...rest, session };
}

function defineNoRevocation({ provider }: SubmittedContract, setup: SetUp): void {
  it('revokes nothing itself, and says how people do', () => {
    assert.equal(setup().session.revoke, undefined);
    const { link = '', steps = [] } = provider.descriptor.byPerson?.revocation ?? {};
    assert.ok(steps.some((step) => step.includes(link)) && link.startsWith('https://'));
  });
}

function defineRevocation({ request, done }: NonNullable<SubmittedContract['revokes']>, setup: SetUp): void {
  it('revokes this value and no other, once, and its refusal verifies that', async () => {
    const { issuer, world, session, clock } = revokingSetup(setup);
    const [old, young] = [issuer.create(MINE), issuer.create(MINE)].map((one) => new Secret(one));
    assert.ok(old && young);
    await session.revoke(old);
    assert.deepEqual(
      world.sent.map(({ method, path }) => `${method} ${path}`),
      [request],
    );
    assert.deepEqual(
      (await issuer.credentials(MINE)).map(({ live }) => live),
      [false, true],
    );
    await clock.advanceBy(MINUTE);
    assert.deepEqual(await session.probe(old), { outcome: 'inactive' });
    assert.equal((await session.probe(young)).outcome, 'active');
  });

  it('takes one that is revoked already for a success', async () => {
    const { issuer, session } = revokingSetup(setup);
    const value = new Secret(issuer.create(MINE));
    await session.revoke(value);
    await session.revoke(value);
  });

  it('takes for a success only its status, whoever answered, and is sent once', async () => {
    const { issuer, world, session } = revokingSetup(setup);
    const value = new Secret(issuer.create(MINE));
    for (const { name, response } of partOf(FOREIGN_ANSWERS, request).filter(
      (one) => one.response().status !== done,
    )) {
      world.intercept(response);
      const before = world.sent.length;
      const error = await rejection(session.revoke(value));
      assert.ok(!everythingIn(error).includes(value.reveal()), name);
      assert.equal(world.sent.length, before + 1, name);
    }
  });

  for (const [what, status, code] of [
    ['is throttled', 429, 'issuer-throttled'],
    ['does not take it', 422, 'issuer-refused'],
    ['is down', 503, 'issuer-unreachable'],
    ['answers with another success', 200, 'issuer-response-invalid'],
  ] as const)
    it(`is sent once where the issuer ${what}, and the value is in no error`, async () => {
      const { issuer, world, session } = revokingSetup(setup);
      const value = new Secret(issuer.create(MINE));
      world.intercept(() => Response.json({ message: value.reveal() }, { status }));
      const error = await rejection(session.revoke(value));
      assertCode(error, code);
      assert.ok(!everythingIn(error).includes(value.reveal()));
      assert.equal(world.sent.length, 1);
    });
}

function defineAdmin({ provider, scopes, former, wrong }: SubmittedContract, setup: SetUp): void {
  it('holds no credential in its admin secret, and sees whether its issuer answers', async () => {
    const { admin, world } = setup();
    assert.deepEqual(provider.adminValues(admin), []);
    assert.deepEqual(await provider.examine(admin, world.tools), { outcome: 'active' });
    assert.ok(!world.sent.some(({ text }) => /authorization|-key:/i.test(text)));
    for (const { name, response } of partOf(FOREIGN_ANSWERS, `${provider.descriptor.id} admin`)) {
      world.intercept(response);
      assert.equal((await provider.examine(admin, world.tools)).outcome, 'unknown', name);
    }
  });

  it('says what a person has to choose, and which accounts a secret had before', () => {
    const chosen = scopes && { scopes: scopes.toReversed() };
    const { admin, session, world } = setup({ ...chosen, formerly: [former.grant] });
    assert.deepEqual(session.scopes, scopes);
    assert.equal(setup().session.scopes, undefined);
    assert.deepEqual(
      provider.reaches(admin, MINE).map(({ account }) => account),
      [session.reach.account, former.account],
    );
    const at = (account: string) =>
      provider.openAt(admin, MINE, { ...session.reach, account }, world.tools)?.account;
    assert.ok(at(former.account)?.endsWith(former.account));
    assert.equal(at(`${former.account}0`), undefined);
  });

  for (const [field, grant] of Object.entries(wrong))
    it(`names the field ${field} that is wrong`, async () => {
      assertCode(await rejection(Promise.resolve().then(() => setup(grant))), 'admin-invalid', field);
    });
}
