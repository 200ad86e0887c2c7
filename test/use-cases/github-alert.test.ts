import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MINUTE } from '../../functions/core/time.ts';
import { currentOf } from '../../functions/core/token.ts';
import { Secret } from '../../functions/core/secret.ts';
import { answerAlert, type GithubPorts } from '../../functions/use-cases/github-alert.ts';
import { GithubAlertsSimulator } from '../../lib/sandbox/issuers/github-alerts.ts';
import { MemoryInventory } from '../fakes/memory-inventory.ts';
import { SUBJECTS, adopted, bare, isLive, recordOf, type Home } from '../proofs/house.ts';

const TOKEN = 'github-token-canary';
const BREAKER = { most: 5, within: 10 * MINUTE };

interface Watch {
  readonly home: Home;
  readonly github: GithubAlertsSimulator;
  readonly value: string;
  readonly answer: (change?: Partial<GithubPorts>) => Promise<number | string>;
}

async function watched(): Promise<Watch> {
  const [subject] = SUBJECTS;
  assert.ok(subject);
  const home = await adopted(subject);
  const value = bare(await home.world.read(home.arn));
  const github = new GithubAlertsSimulator({ clock: home.world.clock, webhookSecret: 'x', token: TOKEN });
  github.find('acme/app', value);
  const ledger = new MemoryInventory();
  const usual: GithubPorts = { apiUrl: 'https://github.acme.test/api/v3/', fetch: (request) => github.fetch(request), token: async () => new Secret(TOKEN), ledger };
  const answer = async (change: Partial<GithubPorts> = {}): Promise<number | string> => {
    const outcomes: number[] = [];
    const failure = await home.world.run('leaks', MINUTE, async (ports) => void outcomes.push(await answerAlert({ kind: 'github-alert', repository: 'acme/app', number: 1 }, BREAKER, { ...ports, github: { ...usual, ...change } })));
    return failure ?? outcomes[0] ?? 0;
  };
  return { home, github, value, answer };
}

describe('an alert of GitHub', () => {
  it('is answered once, with the value that GitHub tells by REST, since when it is out, and where', async () => {
    const { home, github, value, answer } = await watched();
    const leaked = currentOf(await recordOf(home));
    assert.equal(await answer(), 1);
    await home.world.clock.advanceBy(2 * MINUTE);
    assert.ok(leaked?.handle && !(await isLive(home.world, leaked.handle)));
    const incident = (await recordOf(home)).incidents?.[0];
    assert.equal(incident?.source, 'GitHub secret scanning, alert 1 of acme/app');
    assert.ok(incident.exposedAt !== undefined && incident.exposedAt <= incident.reportedAt);
    assert.equal(await answer(), 0);
    assert.equal(github.asked.length, 1, 'a delivery that comes again asks nobody');
    for (const text of [home.world.inventory.dump(), home.world.logged.join(), JSON.stringify(home.world.facts)]) for (const secret of [value, TOKEN]) assert.ok(!text.includes(secret));
  });

  it('takes its token bare or from JSON', async () => {
    const { answer } = await watched();
    assert.equal(await answer({ token: async () => new Secret(JSON.stringify({ token: TOKEN })) }), 1);
  });

  it('that cannot be read is one sentence that quotes nothing, and comes again', async () => {
    const { answer, value } = await watched();
    const failures: [Partial<GithubPorts>, RegExp][] = [
      [{ token: async () => new Secret('wrong') }, /GitHub answered 404 when asked for the alert 1 of acme\/app/],
      [{ fetch: async () => new Response(value, { status: 502 }) }, /GitHub answered 502/],
      [{ fetch: async () => new Response(value, { status: 403, headers: { 'x-ratelimit-remaining': '0' } }) }, /asks for fewer calls/],
      [{ fetch: () => Promise.reject(new Error(value)) }, /could not be reached/],
      [{ fetch: async () => Response.json({ secret: '', hint: value }) }, /not as documented, at "secret"/],
      [{ token: async () => new Secret('{"wrong":1}') }, /holds none/],
    ];
    for (const [change, says] of failures) {
      const failure = await answer(change);
      assert.match(String(failure), says);
      assert.ok(!String(failure).includes(value) && !String(failure).includes(TOKEN));
    }
    assert.equal(await answer(), 1);
  });
});
