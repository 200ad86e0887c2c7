import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import type { Probe } from '../../functions/core/issuer/provider.ts';
import { httpClient } from '../../functions/providers/http.ts';
import { asking, askingAll, isAccepted, type Verdict } from '../../functions/providers/verdicts.ts';
import { rejection } from '../contracts/world.ts';

const VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: z.object({ id: z.number() }).transform(({ id }) => ({ scopes: [`s${id}`] })),
    source: 'a page',
  },
  {
    outcome: 'inactive',
    status: 401,
    body: z.strictObject({ error: z.literal('unknown key') }),
    source: 'a page',
  },
  {
    outcome: 'unknown',
    status: 401,
    body: z.object({ error: z.enum(['too early']) }).transform(({ error }) => `The issuer says ${error}.`),
    source: 'a page',
  },
  {
    outcome: 'active',
    status: 403,
    body: z.object({ error: z.literal('out of scope') }).transform(() => ({})),
    source: 'a page',
  },
];

function ask(answer: Response | Error): Promise<Probe> {
  const fetch = () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer.clone()));
  const http = httpClient({
    origin: 'https://issuer.example',
    tools: { fetch, now: () => 0, sleep: async () => {}, uuid: () => crypto.randomUUID() },
  });
  return asking({ http, request: { method: 'GET', path: '/self' }, verdicts: VERDICTS });
}

describe('asking', () => {
  it('takes a verdict at its own status and in its own form alone', async () => {
    assert.deepEqual(await ask(Response.json({ id: 7 })), { outcome: 'active', scopes: ['s7'] });
    assert.deepEqual(await ask(Response.json({ error: 'unknown key' }, { status: 401 })), {
      outcome: 'inactive',
    });
    assert.deepEqual(await ask(Response.json({ error: 'out of scope' }, { status: 403 })), {
      outcome: 'active',
    });
    const not: readonly Response[] = [
      Response.json({ id: 7 }, { status: 201 }),
      Response.json({ error: 'unknown key' }),
      Response.json({ error: 'unknown key' }, { status: 403 }),
      Response.json({ error: 'unknown key', more: 1 }, { status: 401 }),
      Response.json({ error: 'Unknown key' }, { status: 401 }),
    ];
    for (const answer of not) assert.equal((await ask(answer)).outcome, 'unknown');
  });

  it('says why it does not know: in the words of a verdict, else by request and answer', async () => {
    assert.deepEqual(await ask(Response.json({ error: 'too early' }, { status: 401 })), {
      outcome: 'unknown',
      reason: 'The issuer says too early.',
    });
    assert.deepEqual(await ask(Response.json({ error: 'something else' }, { status: 401 })), {
      outcome: 'unknown',
      reason:
        'issuer.example answered 401 to GET /self with something that says neither yes nor no to the value.',
    });
    assert.deepEqual(await ask(Response.json({ error: 'canary' }, { status: 404 })), {
      outcome: 'unknown',
      reason:
        'issuer.example answered 404 to GET /self with something that says neither yes nor no to the value.',
    });
  });

  it('turns whatever kept the issuer from being asked into unknown, and throws our own faults', async () => {
    assert.deepEqual(await ask(new KeyturnError('admin-invalid', 'Not allowed.')), {
      outcome: 'unknown',
      reason: 'Not allowed.',
    });
    assert.equal((await ask(new TypeError('reset'))).outcome, 'unknown');
    const broken = {
      http: { send: () => Promise.reject(new TypeError('a bug')) },
      request: { method: 'GET', path: '/' },
      verdicts: [],
    } as const;
    assert.ok((await rejection(asking(broken))) instanceof TypeError);
  });
});

describe('askingAll', () => {
  const active: Probe = { outcome: 'active' };
  const refused: Probe = { outcome: 'inactive' };
  const unknown: Probe = { outcome: 'unknown', reason: 'Down.' };
  const all = (...probes: readonly Probe[]) => askingAll(probes.map((probe) => async () => probe));

  it('is refused when one is, alive when all are, and else unknown', async () => {
    assert.deepEqual(await all(active, unknown, refused), refused);
    assert.deepEqual(await all(active, active), active);
    assert.deepEqual(await all(active, unknown, active), unknown);
    assert.deepEqual(await all({ ...active, scopes: ['a'] }), active);
    assert.equal((await all()).outcome, 'unknown');
  });
});

describe('isAccepted', () => {
  it('knows yes and no, and throws for unknown', () => {
    assert.ok(isAccepted({ outcome: 'active' }));
    assert.ok(!isAccepted({ outcome: 'inactive' }));
    assert.throws(() => isAccepted({ outcome: 'unknown', reason: 'Down.' }), {
      code: 'issuer-response-invalid',
      message: /Down\.$/,
    });
  });
});
