import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { GithubAlert, MOST_BYTES, receive } from '../../../functions/use-cases/incidents/github-webhook.ts';
import { VirtualClock } from '../../../lib/sandbox/clock.ts';
import { GithubAlertsSimulator, type GithubDelivery } from '../../../lib/sandbox/issuers/github-alerts.ts';
import { T0 } from '../../fakes/tokens.ts';

const KEY = 'webhook-key-canary';
const github = new GithubAlertsSimulator({ clock: new VirtualClock(T0), webhookSecret: KEY, token: 'x' });

async function deliver(
  { headers, body }: GithubDelivery,
  change: { method?: string; headers?: Record<string, string>; body?: string; key?: string } = {},
): Promise<{ status: number; sent: GithubAlert[] }> {
  const sent: GithubAlert[] = [];
  const ports = {
    webhookSecret: async () => new Secret(change.key ?? KEY),
    send: async (alert: GithubAlert) => void sent.push(alert),
  };
  const answer = await receive(
    {
      method: change.method ?? 'POST',
      headers: change.headers ?? headers,
      body: Buffer.from(change.body ?? body),
    },
    ports,
  );
  assert.ok(!answer.message.includes(KEY));
  return { status: answer.status, sent };
}

describe('a delivery of GitHub', () => {
  it('is passed on by repository and number alone', async () => {
    const { status, sent } = await deliver(github.find('acme/app', 'the-value'));
    assert.equal(status, 202);
    assert.deepEqual(
      sent.map(({ step: _step, ...rest }) => rest),
      [{ kind: 'github-alert', repository: 'acme/app', number: 1 }],
    );
    assert.ok(GithubAlert.safeParse(sent[0]).success);
  });

  it('is refused without the right signature over these very bytes, and nothing is passed on', async () => {
    const made = github.find('acme/app', 'the-value');
    const signature = made.headers['x-hub-signature-256'] ?? '';
    const wrong = [
      '',
      'sha256=',
      signature.slice(0, -1),
      `${signature}0`,
      signature.replace('sha256=', 'sha1='),
      signature.toUpperCase(),
      `sha256=${'0'.repeat(64)}`,
      `sha256=é${'0'.repeat(63)}`,
    ];
    for (const one of wrong)
      assert.deepEqual(
        await deliver(made, { headers: { ...made.headers, 'x-hub-signature-256': one } }),
        { status: 401, sent: [] },
        one,
      );
    const { 'x-hub-signature-256': _none, ...unsigned } = made.headers;
    assert.equal((await deliver(made, { headers: unsigned })).status, 401);
    assert.equal((await deliver(made, { body: made.body.replace('acme/app', 'evil/app') })).status, 401);
    assert.equal((await deliver(made, { key: 'another' })).status, 401);
    assert.equal((await deliver(made, { key: ' ' })).status, 401, 'an empty secret signs nothing');
  });

  it('that is too large is refused before its signature is looked at', async () => {
    assert.deepEqual(await deliver(github.find('acme/app', 'x'), { body: 'x'.repeat(MOST_BYTES + 1) }), {
      status: 413,
      sent: [],
    });
  });

  it(
    'is refused before the secret is read, which costs a call, ' +
      'where its form alone says that it is none',
    async () => {
      const made = github.find('acme/app', 'the-value');
      const asked: string[] = [];
      const ports = {
        webhookSecret: async () => (asked.push('secret'), new Secret(KEY)),
        send: async () => undefined,
      };
      const cheap = [
        { method: 'GET', headers: made.headers, body: Buffer.from(made.body) },
        { method: 'POST', headers: made.headers, body: Buffer.alloc(MOST_BYTES + 1) },
        ...[
          {},
          { 'x-hub-signature-256': '' },
          { 'x-hub-signature-256': 'sha256=zz' },
          { 'x-hub-signature-256': `sha1=${'0'.repeat(64)}` },
          { 'x-hub-signature-256': `sha256=${'A'.repeat(64)}` },
        ].map((headers) => ({ method: 'POST', headers, body: Buffer.from(made.body) })),
      ];
      for (const delivery of cheap)
        assert.ok([401, 405, 413].includes((await receive(delivery, ports)).status));
      assert.deepEqual(asked, []);
    },
  );

  it('about a step that exposes nothing is taken note of and passed over', async () => {
    for (const action of ['resolved', 'validated', 'assigned', 'unassigned'])
      assert.deepEqual(
        await deliver(github.delivery({ action, alert: { number: 1 }, repository: { full_name: 'a/b' } })),
        { status: 200, sent: [] },
      );
    assert.deepEqual(await deliver(github.delivery({ action: 'created' }, 'push')), {
      status: 200,
      sent: [],
    });
  });

  it('about every other step is passed on, also a step not known yet, each as its own', async () => {
    github.find('acme/steps', 'the-value');
    const deliveries = [
      ...['publicly_leaked', 'reopened', 'not_documented_yet'].map((action) =>
        github.step('acme/steps', 1, action),
      ),
      github.findAgain('acme/steps', 1, 'a.txt'),
      github.findAgain('acme/steps', 1, 'b.txt'),
    ];
    const sent = (await Promise.all(deliveries.map((one) => deliver(one)))).flatMap((one) => one.sent);
    assert.deepEqual(
      sent.map(({ repository, number }) => `${repository} ${number}`),
      deliveries.map(() => 'acme/steps 1'),
    );
    assert.equal(new Set(sent.map(({ step }) => step)).size, deliveries.length);
    const [first] = deliveries;
    assert.ok(first);
    assert.deepEqual((await deliver(first)).sent[0], sent[0], 'the same delivery is the same step');
    const nameless = github.delivery(
      { alert: { number: 1 }, location: {}, repository: { full_name: 'a/b' } },
      'secret_scanning_alert_location',
    );
    assert.equal((await deliver(nameless)).status, 202);
  });

  it('is read as a form too, which is what GitHub sends by default', async () => {
    const payload = {
      action: 'created',
      alert: { number: 7 },
      repository: { full_name: 'acme/a+b-c'.replace('+', '.') },
    };
    const { status, sent } = await deliver(github.form(payload));
    assert.deepEqual([status, sent[0]?.repository, sent[0]?.number], [202, 'acme/a.b-c', 7]);
    for (const made of [
      github.form({ zen: 'Keep it logically awesome.', hook_id: 1 }, 'ping'),
      github.delivery({ zen: 'x' }, 'ping'),
    ])
      assert.deepEqual(await deliver(made), { status: 200, sent: [] });
    const tampered = github.form(payload);
    assert.equal((await deliver(tampered, { body: tampered.body.replace('7', '8') })).status, 401);
  });

  it('that is not as documented is refused with a sentence, whatever its action', async () => {
    const alert = { number: 1 };
    const repositories = [
      undefined,
      {},
      { full_name: null },
      ...[
        'nobody',
        '',
        '/',
        'a/',
        '/b',
        '../..',
        'a/..',
        'a/.',
        '../b',
        './b',
        'a/b/c',
        'a/b?x',
        'a/b#x',
        'a/%2e%2e',
        'a b/c',
        'ä/b',
        'a/b\n',
        'a\\b/c',
      ].map((full_name) => ({ full_name })),
    ];
    for (const action of ['created', 'reopened', 'publicly_leaked', 'another'])
      for (const repository of repositories)
        assert.deepEqual(
          await deliver(github.delivery({ action, alert, ...(repository && { repository }) })),
          { status: 400, sent: [] },
          JSON.stringify(repository),
        );
    for (const payload of [
      {},
      { action: 1 },
      { action: 'created' },
      { action: 'created', alert: { number: 'one' }, repository: { full_name: 'a/b' } },
      { action: 'created', alert: { number: 0 }, repository: { full_name: 'a/b' } },
    ])
      assert.deepEqual(await deliver(github.delivery(payload)), { status: 400, sent: [] });
    const { headers } = github.form({});
    assert.equal(headers['content-type'], 'application/x-www-form-urlencoded');
    for (const form of [github.form({}), github.form([])]) assert.equal((await deliver(form)).status, 400);
  });
});
