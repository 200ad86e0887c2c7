import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { HostMemory } from '../../functions/providers/host-memory.ts';
import { httpClient, type HttpClient } from '../../functions/providers/http.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { assertCode, connectionReset, rejection } from '../contracts/world.ts';
import { T0 } from '../fakes/tokens.ts';

const GET = { method: 'GET', path: '/v1/things' } as const;
const TIMEOUT = 10 * SECOND;

/** One function instance whose issuers answer, hang or break off, by host. */
function instance() {
  const clock = new VirtualClock(T0);
  const hanging = new Set<string>();
  const asked: string[] = [];
  const hosts = new HostMemory();
  const fetch = async (request: Request): Promise<Response> => {
    const { host } = new URL(request.url);
    asked.push(host);
    if (!hanging.has(host)) return Response.json({});
    await clock.sleep(TIMEOUT);
    throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
  };
  const tools = {
    now: () => clock.now(),
    sleep: (length: number) => clock.sleep(length),
    uuid: () => crypto.randomUUID(),
    fetch,
    hosts,
  };
  const clientOf = (host: string): HttpClient => httpClient({ origin: `https://${host}`, tools });
  /** Sends and says how long it took, and what came of it. */
  const timed = async (host: string): Promise<{ took: number; error: unknown }> => {
    const from = clock.now();
    const done: { took: number; error: unknown }[] = [];
    void clock.activity(async () => {
      const error = await clientOf(host)
        .send(GET)
        .then(
          () => undefined,
          (why: unknown) => why,
        );
      done.push({ error, took: clock.now() - from });
    });
    for (;;) {
      await clock.advanceBy(SECOND / 2);
      const [outcome] = done;
      if (outcome) return outcome;
    }
  };
  return { clock, hanging, asked, hosts, tools, timed };
}

describe('a host that hangs', () => {
  it('costs two time-outs, then nothing for half a minute; the others are asked all the time', async () => {
    const { clock, hanging, timed, asked } = instance();
    hanging.add('bad.example');
    const first = await timed('bad.example');
    assertCode(first.error, 'issuer-unreachable');
    assert.equal(first.took, 2 * TIMEOUT + SECOND / 2);
    assert.match(String(first.error), /timed out/, 'the first one says what happened');
    for (let index = 0; index < 20; index++) {
      const again = await timed('bad.example');
      assertCode(again.error, 'issuer-unreachable');
      assert.equal(again.took, 0);
      assert.match(
        String(again.error),
        /bad\.example did not answer a moment ago and is not asked again before 2026-01-05T09:00:\d\dZ/,
      );
      assert.deepEqual(await timed('good.example'), { took: 0, error: undefined });
    }
    assert.equal(asked.filter((host) => host === 'bad.example').length, 2);
    await clock.advanceBy(30 * SECOND);
    assert.equal((await timed('bad.example')).took, TIMEOUT, 'then one time-out more');
    assert.equal((await timed('bad.example')).took, 0);
  });

  it('is asked as before once it answers', async () => {
    const { clock, hanging, timed, asked } = instance();
    hanging.add('bad.example');
    await timed('bad.example');
    hanging.clear();
    await clock.advanceBy(30 * SECOND);
    assert.deepEqual(await timed('bad.example'), { took: 0, error: undefined });
    hanging.add('bad.example');
    asked.length = 0;
    await timed('bad.example');
    assert.equal(asked.length, 2, 'it has its two tries again');
  });

  it('keeps no request that was never sent from being known as such: nothing was minted', async () => {
    const { hanging, timed, tools, asked } = instance();
    hanging.add('bad.example');
    await timed('bad.example');
    asked.length = 0;
    assertCode(
      await rejection(
        httpClient({ origin: 'https://bad.example', tools }).send({ method: 'POST', path: '/v1/things' }),
      ),
      'issuer-unreachable',
    );
    assert.deepEqual(asked, []);
  });
});

describe('the memory of hosts', () => {
  it('forgives a request that was lost, and any answer, however bad', async () => {
    const hosts = new HostMemory();
    const clock = new VirtualClock(T0);
    const steps = [
      connectionReset('lost'),
      new Response('', { status: 503 }),
      connectionReset('lost'),
      Response.json({}),
    ];
    const fetch = async (): Promise<Response> => {
      const step = steps.shift();
      if (step instanceof Response) return step;
      throw step;
    };
    const client = httpClient({
      origin: 'https://a.example',
      tools: {
        now: () => clock.now(),
        sleep: async () => undefined,
        uuid: () => crypto.randomUUID(),
        fetch,
        hosts,
      },
    });
    assert.equal((await client.send(GET)).status, 200);
    assert.equal(hosts.restsUntil('a.example', clock.now()), undefined);
  });

  it('lets a host rest longer and longer, five minutes at most, and never one that answered last', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 10 })), { maxLength: 30 }),
        (steps) => {
          const hosts = new HostMemory();
          let now = T0;
          let inARow = 0;
          for (const [isAnswer, minutes] of steps) {
            now += minutes * MINUTE;
            inARow = isAnswer ? 0 : inARow + 1;
            if (isAnswer) hosts.answered('h');
            else hosts.failed('h', now);
            const rest = (hosts.restsUntil('h', now) ?? now) - now;
            assert.equal(rest, inARow < 2 ? 0 : Math.min(5 * MINUTE, 30 * SECOND * 2 ** (inARow - 2)));
            assert.equal(hosts.restsUntil('other', now), undefined);
          }
        },
      ),
    );
  });
});
