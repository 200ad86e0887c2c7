import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import { currentOf } from '../../../functions/core/token/lookups.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { answerAlert, type GithubPorts } from '../../../functions/use-cases/incidents/github-alert.ts';
import { GithubAlertsSimulator } from '../../../lib/sandbox/issuers/github-alerts.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { SUBJECTS, adopted, bare, isLive, recordOf, type Home } from '../../proofs/home.ts';

const TOKEN = 'github-token-canary';
const RATE_LIMIT = { max: 5, per: 10 * MINUTE };

interface Watch {
  readonly home: Home;
  readonly github: GithubAlertsSimulator;
  readonly value: string;
  readonly answer: (change?: Partial<GithubPorts>, step?: string) => Promise<number | string>;
}

async function watched(): Promise<Watch> {
  const [subject] = SUBJECTS;
  assert.ok(subject);
  const home = await adopted(subject);
  const value = bare(await home.world.read(home.arn));
  const github = new GithubAlertsSimulator({ clock: home.world.clock, webhookSecret: 'x', token: TOKEN });
  github.find('acme/app', value);
  const ledger = new MemoryInventory();
  const usual: GithubPorts = {
    apiUrl: 'https://github.acme.test/api/v3/',
    fetch: (request) => github.fetch(request),
    token: async () => new Secret(TOKEN),
    ledger,
  };
  const answer = async (
    change: Partial<GithubPorts> = {},
    step = 'created-0123456789abcdef',
  ): Promise<number | string> => {
    const outcomes: number[] = [];
    const failure = await home.world.run(
      'leaks',
      MINUTE,
      async (ports) =>
        void outcomes.push(
          await answerAlert({ kind: 'github-alert', repository: 'acme/app', number: 1, step }, RATE_LIMIT, {
            ...ports,
            github: { ...usual, ...change },
          }),
        ),
    );
    return failure ?? outcomes[0] ?? 0;
  };
  return { home, github, value, answer };
}

function endless(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (to) => to.enqueue(Buffer.from(text.repeat(1_000))) });
}

function breaking(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (to) => to.error(new Error(text)) });
}

describe('an alert of GitHub', () => {
  it('is answered once, with the value, the time and the place that GitHub gives by REST', async () => {
    const { home, github, value, answer } = await watched();
    const leaked = currentOf(await recordOf(home));
    assert.equal(await answer(), 1);
    await home.world.clock.advanceBy(2 * MINUTE);
    assert.ok(leaked?.handle && !(await isLive(home.world, leaked.handle)));
    const incident = (await recordOf(home)).incidents?.[0];
    assert.equal(incident?.source, 'GitHub secret scanning, alert 1 of acme/app');
    assert.ok(incident.exposedAt !== undefined && incident.exposedAt <= incident.reportedAt);
    assert.equal(await answer(), 0);
    assert.equal(github.asked.length, 1, 'a delivery that comes again asks no issuer');
    for (const text of [
      home.world.inventory.dump(),
      home.world.logged.join(),
      JSON.stringify(home.world.facts),
    ])
      for (const secret of [value, TOKEN]) assert.ok(!text.includes(secret));
  });

  it('is asked about again at each later step, so that a token enrolled since is answered', async () => {
    const { home, github, value, answer } = await watched();
    const elsewhere = await answer({
      fetch: async () =>
        Response.json({ secret: 'glpat-of-somebody-else', created_at: '2026-01-01T00:00:00Z' }),
    });
    assert.equal(elsewhere, 0);
    assert.equal(
      await answer({ fetch: (request) => github.fetch(request) }),
      1,
      'what concerned no token is asked about again',
    );
    await home.world.clock.advanceBy(2 * MINUTE);
    assert.equal(await answer({}, 'publicly_leaked-0123456789abcdef'), 0, 'it is on record');
    assert.equal(await answer({}, 'reopened-0123456789abcdef'), 0);
    assert.equal(github.asked.length, 3);
    assert.ok(!home.world.logged.join().includes(value));
  });

  it('is known by its value without the white space around it, and whatever the time says', async () => {
    for (const created_at of [undefined, null, 'yesterday', 17, '2026-01-01T00:00:00Z', '2099-01-01 00:00']) {
      const { answer, value, home } = await watched();
      assert.equal(
        await answer({ fetch: async () => Response.json({ secret: ` ${value}\n`, created_at }) }),
        1,
        String(created_at),
      );
      await home.world.clock.advanceBy(MINUTE);
      const incident = (await recordOf(home)).incidents?.[0];
      assert.ok(incident && (incident.exposedAt ?? 0) <= incident.reportedAt);
    }
  });

  it('stays below the address of the API, whatever a message names', async () => {
    const asked: string[] = [];
    const { github, home } = await watched();
    const fetch = (request: Request): Promise<Response> => (asked.push(request.url), github.fetch(request));
    const odd = { kind: 'github-alert' as const, repository: '../..', number: 7 };
    const failure = await home.world.run('leaks', MINUTE, async (ports) => {
      await answerAlert(odd, RATE_LIMIT, {
        ...ports,
        github: {
          apiUrl: 'https://github.acme.test/api/v3',
          fetch,
          token: async () => new Secret(TOKEN),
          ledger: new MemoryInventory(),
        },
      });
    });
    assert.match(String(failure), /names a repository that is none/);
    assert.deepEqual(asked, []);
  });

  it('takes its token bare or from JSON', async () => {
    const { answer } = await watched();
    assert.equal(await answer({ token: async () => new Secret(JSON.stringify({ token: TOKEN })) }), 1);
  });

  it('that cannot be read is one sentence that quotes nothing, and comes again', async () => {
    const { answer, value } = await watched();
    const failures: [Partial<GithubPorts>, RegExp][] = [
      [
        { token: async () => new Secret('wrong') },
        /GitHub answered 404 when asked for the alert 1 of acme\/app/,
      ],
      [{ fetch: async () => new Response(value, { status: 502 }) }, /GitHub answered 502/],
      [
        {
          fetch: async () => new Response(value, { status: 403, headers: { 'x-ratelimit-remaining': '0' } }),
        },
        /asks for fewer calls/,
      ],
      [{ fetch: () => Promise.reject(new Error(value)) }, /could not be reached/],
      [{ fetch: async () => Response.json({ secret: '', hint: value }) }, /not as documented, at "secret"/],
      [{ token: async () => new Secret('{"wrong":1}') }, /holds none/],
      [{ token: async () => new Secret(`${TOKEN}\nsecond`) }, /holds more than a token/],
      [{ token: async () => new Secret(`x\n    at ${TOKEN} (file:///a.ts:1:1)`) }, /holds more than a token/],
      [{ token: async () => new Secret(`${TOKEN} ä`) }, /holds more than a token/],
      [
        { token: async () => new Secret(JSON.stringify({ token: `${TOKEN}\u0000` })) },
        /holds more than a token/,
      ],
      [
        { fetch: async () => new Response(endless(value)) },
        /had more than \d+ bytes and was not read to its end/,
      ],
      [{ fetch: async () => new Response(breaking(value)) }, /broke off/],
      [{ fetch: async () => new Response(value) }, /not as documented/],
    ];
    for (const [change, says] of failures) {
      const failure = await answer(change);
      assert.match(String(failure), says);
      assert.ok(!String(failure).includes(value) && !String(failure).includes(TOKEN));
    }
    assert.equal(await answer(), 1);
  });
});
