import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/secret.ts';
import { MOST_BYTES, receive, type GithubAlert } from '../../functions/use-cases/github-webhook.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { GithubAlertsSimulator, type GithubDelivery } from '../../lib/sandbox/issuers/github-alerts.ts';
import { T0 } from '../fakes/tokens.ts';

const KEY = 'webhook-key-canary';
const github = new GithubAlertsSimulator({ clock: new VirtualClock(T0), webhookSecret: KEY, token: 'x' });

async function deliver({ headers, body }: GithubDelivery, change: { method?: string; headers?: Record<string, string>; body?: string; key?: string } = {}): Promise<{ status: number; sent: GithubAlert[] }> {
  const sent: GithubAlert[] = [];
  const ports = { webhookSecret: async () => new Secret(change.key ?? KEY), send: async (alert: GithubAlert) => void sent.push(alert) };
  const answer = await receive({ method: change.method ?? 'POST', headers: change.headers ?? headers, body: Buffer.from(change.body ?? body) }, ports);
  assert.ok(!answer.message.includes(KEY));
  return { status: answer.status, sent };
}

describe('a delivery of GitHub', () => {
  it('is passed on by repository and number alone', async () => {
    assert.deepEqual(await deliver(github.find('acme/app', 'the-value')), { status: 202, sent: [{ kind: 'github-alert', repository: 'acme/app', number: 1 }] });
  });

  it('is refused without the right signature over these very bytes, and nothing is passed on', async () => {
    const made = github.find('acme/app', 'the-value');
    const signature = made.headers['x-hub-signature-256'] ?? '';
    const wrong = ['', 'sha256=', signature.slice(0, -1), `${signature}0`, signature.replace('sha256=', 'sha1='), signature.toUpperCase(), `sha256=${'0'.repeat(64)}`, `sha256=é${'0'.repeat(63)}`];
    for (const one of wrong) assert.deepEqual(await deliver(made, { headers: { ...made.headers, 'x-hub-signature-256': one } }), { status: 401, sent: [] }, one);
    const { 'x-hub-signature-256': _none, ...unsigned } = made.headers;
    assert.equal((await deliver(made, { headers: unsigned })).status, 401);
    assert.equal((await deliver(made, { body: made.body.replace('acme/app', 'evil/app') })).status, 401);
    assert.equal((await deliver(made, { key: 'another' })).status, 401);
    assert.equal((await deliver(made, { key: ' ' })).status, 401, 'an empty secret signs nothing');
  });

  it('that is too large is refused before its signature is looked at', async () => {
    assert.deepEqual(await deliver(github.find('acme/app', 'x'), { body: 'x'.repeat(MOST_BYTES + 1) }), { status: 413, sent: [] });
  });

  it('about anything but a new exposure is taken note of and passed over', async () => {
    for (const action of ['resolved', 'validated', 'assigned']) assert.deepEqual(await deliver(github.delivery({ action, alert: { number: 1 }, repository: { full_name: 'a/b' } })), { status: 200, sent: [] });
    assert.deepEqual(await deliver(github.delivery({ zen: 'Keep it logically awesome.' }, 'ping')), { status: 200, sent: [] });
    assert.equal((await deliver(github.delivery({ action: 'publicly_leaked', alert: { number: 4 }, repository: { full_name: 'a/b' } }))).sent[0]?.number, 4);
  });

  it('that is not as documented is refused with a sentence', async () => {
    for (const payload of [{}, { action: 'created' }, { action: 'created', alert: { number: 'one' }, repository: { full_name: 'a/b' } }, { action: 'created', alert: { number: 1 }, repository: { full_name: 'nobody' } }])
      assert.deepEqual(await deliver(github.delivery(payload)), { status: 400, sent: [] });
    assert.equal((await deliver(github.find('acme/app', 'x'), { method: 'GET' })).status, 405);
  });
});
