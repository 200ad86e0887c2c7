import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Secret } from '../../functions/core/basics/secret.ts';
import { grafana } from '../../functions/providers/grafana/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { grafanaSimulator } from '../../lib/sandbox/issuers/grafana.ts';
import { linesOf, noting, sameShape, type Exchange } from '../contracts/exchanges.ts';

describe('exchanges', () => {
  it('are noted as they were sent and answered, and reach the provider whole', async () => {
    const noted: Exchange[] = [];
    const fetch = noting('x', async () => Response.json({ a: 1 }, { status: 201 }), noted);
    const request = new Request('https://x.example/a?b=c', {
      method: 'POST',
      body: '{"k":2}',
      headers: { 'content-type': 'application/json', authorization: 'Bearer glpat-0123' },
    });
    assert.deepEqual(await (await fetch(request)).json(), { a: 1 });
    assert.deepEqual(noted, [
      {
        provider: 'x',
        method: 'POST',
        url: 'https://x.example/a?b=c',
        headers: { 'content-type': 'application/json' },
        body: '{"k":2}',
        status: 201,
        resHeaders: { 'content-type': 'application/json' },
        resBody: '{"a":1}',
      },
    ]);
  });

  it('of a provider and its issuer hold all that was made, and no value', async () => {
    const clock = new VirtualClock(0);
    const issuer = grafanaSimulator({ clock });
    const noted: Exchange[] = [];
    const fetch = noting('grafana', (request) => issuer.fetch(request), noted);
    const tools = { fetch, now: () => clock.now(), sleep: async () => {}, uuid: () => crypto.randomUUID() };
    const session = grafana.open(new Secret(issuer.adminSecret(['a'])), 'a', tools);
    assert.ok(session.kind === 'minting');
    const { value } = await session.mint({ marker: 'm', expiresAt: undefined });
    assert.deepEqual(
      noted.map(({ method, status }) => [method, status]),
      [
        ['POST', 200],
        ['GET', 200],
      ],
    );
    const lines = linesOf(noted, [value.reveal()]);
    assert.ok(!lines.includes(value.reveal()) && lines.includes(sameShape(value.reveal())));
  });

  it('hold no credential, and one of the same shape in its place', () => {
    const secret = 'glpat-A1b2"C3';
    const exchange: Exchange = {
      provider: 'x',
      method: 'GET',
      url: 'https://x.example/',
      headers: {},
      body: '',
      status: 200,
      resHeaders: {},
      resBody: JSON.stringify({ token: secret, again: [secret] }),
    };
    const [line = ''] = linesOf([exchange], [secret]).split('\n');
    assert.ok(!line.includes('A1b2') && !line.includes('glpat'));
    const { token, again } = JSON.parse(JSON.parse(line).resBody);
    assert.deepEqual([token, again], [sameShape(secret), [sameShape(secret)]]);
  });

  it('keep the shape of a text and none of its letters and digits', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'f', 'z', 'A', 'Z', '0', '9', '-', '.') }),
        (text) => {
          const other = sameShape(text);
          const kinds = (of: string) => of.replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A').replace(/\d/g, '0');
          assert.equal(kinds(other), kinds(text));
          for (const [index, sign] of text.split('').entries())
            assert.equal(other[index] === sign, !/[A-Za-z0-9]/.test(sign));
        },
      ),
    );
  });
});
