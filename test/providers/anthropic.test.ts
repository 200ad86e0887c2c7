import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { canRevoke, type RevokingSession } from '../../functions/core/issuer/provider.ts';
import { anthropic } from '../../functions/providers/anthropic/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { AnthropicSimulator } from '../../lib/sandbox/issuers/anthropic.ts';
import { partOf } from '../extent.ts';
import { FOREIGN_ANSWERS } from '../contracts/foreign-answers.ts';
import { assertCode, everythingIn, recordingWorld, rejection, type World } from '../contracts/world.ts';

const MINE = 'shop/anthropic';
const ORGANIZATION = '12345678-1234-4234-8234-123456789012';
const OTHER = '87654321-4321-4234-8234-210987654321';
const KEYS = '/v1/organizations/api_keys';

interface Setup {
  readonly clock: VirtualClock;
  readonly issuer: AnthropicSimulator;
  readonly world: World;
  readonly session: RevokingSession;
  readonly admin: Secret;
}

function setup(grant: object = {}, organization = ORGANIZATION): Setup {
  const clock = new VirtualClock(Date.UTC(2026, 2, 2, 10));
  const issuer = new AnthropicSimulator({ clock, organization });
  const world = recordingWorld(clock, (request) => issuer.fetch(request));
  const { grants, ...rest } = JSON.parse(issuer.adminSecret([MINE]));
  const admin = new Secret(JSON.stringify({ ...rest, grants: [{ ...grants[0], ...grant }] }));
  const session = anthropic.open(admin, MINE, world.tools);
  assert.ok(session.kind === 'submitted' && canRevoke(session));
  return { clock, issuer, world, session, admin };
}

/** Whether each key of the secret works, the oldest first. */
async function live({ issuer }: Setup): Promise<boolean[]> {
  return (await issuer.credentials(MINE)).map((one) => one.live);
}

describe('anthropic: a value that a person created', () => {
  it('tells whose it is, and the list when it ends', async () => {
    const { issuer, session, clock } = setup();
    const expiresAt = clock.now() + HOUR;
    const shown = { outcome: 'active', account: `organizations/${ORGANIZATION}` };
    const called = `the organization ${ORGANIZATION}`;
    const [short, long] = [issuer.create(MINE, { expiresAt }), issuer.create(MINE)].map(
      (one) => new Secret(one),
    );
    assert.ok(short && long);
    assert.deepEqual(await session.ask(short), { ...shown, called, expiresAt });
    assert.deepEqual(await session.ask(long), { ...shown, called });
    assert.deepEqual(await session.probe(long), { outcome: 'active' });
  });

  it('of another organization is none of this one, whether it works or not', async () => {
    const { issuer, session } = setup({ organization: OTHER });
    const probe = await session.probe(new Secret(issuer.create(MINE)));
    assert.ok(
      probe.outcome === 'unknown' && probe.reason.includes(`organization than organizations/${OTHER}`),
    );
  });

  it('is asked about with the value alone by a probe, and only its refusal ends it', async () => {
    const it = setup();
    const value = new Secret(it.issuer.create(MINE));
    assert.deepEqual(await it.session.probe(value), { outcome: 'active' });
    assert.deepEqual(
      it.world.sent.map(({ method, path }) => `${method} ${path}`),
      ['GET /v1/models?limit=1'],
    );
    for (const { name, response } of partOf(FOREIGN_ANSWERS, import.meta.filename)) {
      it.world.intercept(response);
      const probe = await it.session.probe(value);
      assert.equal(probe.outcome, 'unknown', name);
      assert.ok(!everythingIn(probe).includes(value.reveal()), name);
    }
    it.world.intercept(() => Response.json({ data: [], has_more: false }));
    assert.equal((await it.session.probe(value)).outcome, 'unknown', 'an answer that names no organization');
    it.world.intercept(undefined);
    assert.deepEqual(await it.session.probe(new Secret('sk-ant-api03-none')), { outcome: 'inactive' });
  });

  it('is unknown where the list shows no such key, or several: never one that lives for ever', async () => {
    for (const [count, words] of [
      [0, 'no key'],
      [2, 'several keys'],
    ] as const) {
      const { issuer, world, session } = setup();
      const value = issuer.create(MINE);
      const key = {
        type: 'api_key',
        status: 'active',
        partial_key_hint: `${value.slice(0, 16)}...${value.slice(-4)}`,
        expires_at: null,
      };
      const data = Array.from({ length: count }, (_, index) => ({ ...key, id: `apikey_key${index}` }));
      world.intercept((request) =>
        request.url.includes(KEYS) ? Response.json({ data, has_more: false, last_id: null }) : undefined,
      );
      const shown = await session.ask(new Secret(value));
      assert.ok(shown.outcome === 'unknown' && shown.reason.includes(words), words);
      assertCode(await rejection(session.revoke(new Secret(value))), 'issuer-refused', words);
      assert.ok(!world.sent.some(({ method }) => method === 'POST'), 'nothing is archived');
    }
  });
});

describe('anthropic: revocation', () => {
  it('archives the key of this value and no other, once, and is verified by its refusal', async () => {
    const it = setup();
    const [old, young] = [it.issuer.create(MINE), it.issuer.create(MINE)].map((one) => new Secret(one));
    assert.ok(old && young);
    await it.session.revoke(old);
    assert.deepEqual(await live(it), [false, true]);
    const posts = it.world.sent.filter(({ method }) => method === 'POST');
    assert.equal(posts.length, 1);
    assert.ok(!posts[0]?.text.includes(old.reveal()), 'the value is not sent');
    await it.clock.advanceBy(MINUTE);
    assert.deepEqual(await it.session.probe(old), { outcome: 'inactive' });
    await it.session.revoke(old);
    assert.equal(it.world.sent.filter(({ method }) => method === 'POST').length, 1, 'it is archived already');
  });

  it('finds a key behind the first page, and takes no list for whole that does not end', async () => {
    const it = setup();
    for (let index = 0; index < 1_200; index++) it.issuer.create(MINE);
    const last = new Secret(it.issuer.create(MINE));
    await it.session.revoke(last);
    assert.deepEqual((await live(it)).filter((one) => !one).length, 1);
    it.world.intercept((request) =>
      request.url.includes(KEYS)
        ? Response.json({ data: [], has_more: true, last_id: 'apikey_x' })
        : undefined,
    );
    assertCode(await rejection(it.session.revoke(last)), 'issuer-response-invalid');
  });

  it('takes no hint that fits by chance', async () => {
    const it = setup();
    const value = new Secret(it.issuer.create(MINE));
    const key = { id: 'apikey_other', type: 'api_key', status: 'active', expires_at: null };
    for (const hint of [null, 'sk-ant...AA', 'sk-ant-api03-', value.reveal().slice(0, 20)]) {
      it.world.intercept((request) =>
        request.url.includes(KEYS)
          ? Response.json({ data: [{ ...key, partial_key_hint: hint }], has_more: false, last_id: null })
          : undefined,
      );
      assertCode(await rejection(it.session.revoke(value)), 'issuer-refused', 'no key');
    }
  });

  for (const [what, answer, code] of [
    ['is throttled', () => Response.json({}, { status: 429 }), 'issuer-throttled'],
    ['does not take it', () => Response.json({}, { status: 400 }), 'issuer-refused'],
    ['is down', () => Response.json({}, { status: 529 }), 'issuer-unreachable'],
    [
      'answers with another state',
      () => Response.json({ id: 'apikey_x', type: 'api_key', status: 'active', partial_key_hint: null }),
      'issuer-response-invalid',
    ],
  ] as const)
    it(`is sent once where Anthropic ${what}, and the value is in no error`, async () => {
      const { issuer, world, session } = setup();
      const value = new Secret(issuer.create(MINE));
      world.intercept((request) => (request.method === 'POST' ? answer() : undefined));
      const error = await rejection(session.revoke(value));
      assertCode(error, code);
      assert.ok(!everythingIn(error).includes(value.reveal()));
      assert.equal(world.sent.filter(({ method }) => method === 'POST').length, 1);
    });
});

describe('anthropic: the admin secret', () => {
  it('has one credential, whose organization every grant has to name', async () => {
    const { admin, world } = setup();
    assert.equal(anthropic.adminValues(admin).length, 1);
    assert.deepEqual(await anthropic.examine(admin, world.tools), { outcome: 'active' });
    const other = setup({ organization: OTHER });
    assert.equal((await anthropic.examine(other.admin, other.world.tools)).outcome, 'unknown');
    const wrong = new Secret(JSON.stringify({ ...JSON.parse(admin.reveal()), token: 'sk-ant-admin01-none' }));
    assert.deepEqual(await anthropic.examine(wrong, world.tools), { outcome: 'inactive' });
    for (const { name, response } of partOf(FOREIGN_ANSWERS, import.meta.filename)) {
      world.intercept(response);
      assert.equal((await anthropic.examine(admin, world.tools)).outcome, 'unknown', name);
    }
  });

  it('says which organizations a secret had before', () => {
    const { admin, session, world } = setup({ formerly: [{ organization: OTHER }] });
    const account = `organizations/${OTHER}`;
    assert.deepEqual(
      anthropic.reaches(admin, MINE).map((one) => one.account),
      [`organizations/${ORGANIZATION}`, account],
    );
    assert.ok(anthropic.openAt(admin, MINE, { ...session.reach, account }, world.tools));
    assert.equal(anthropic.openAt(admin, MINE, { ...session.reach, account: 'x' }, world.tools), undefined);
  });

  it('names the field that is wrong', async () => {
    const error = await rejection(Promise.resolve().then(() => setup({ organization: 'Acme' })));
    assertCode(error, 'admin-invalid', 'organization');
  });
});
