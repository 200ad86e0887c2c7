import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import { MINUTE } from '../../functions/core/basics/time.ts';
import { hostGuard, trustedFetch } from '../../functions/handlers/trusted-fetch.ts';

const ISSUER = { id: 'gitlab', hosts: ['gitlab.com'] };

function world({
  allowed = [],
  confirmed = [],
}: {
  allowed?: readonly string[];
  confirmed?: readonly string[];
}) {
  const sent: string[] = [];
  const seen = { asked: 0, now: 0 };
  const list = async (): Promise<readonly string[]> => {
    seen.asked++;
    return confirmed;
  };
  const fetch = trustedFetch(
    hostGuard({ issuer: ISSUER, allowed, confirmed: list, now: () => seen.now }),
    async (request) => {
      sent.push(new URL(request.url).host);
      return new Response('');
    },
  );
  const to = (host: string): Promise<Response> => fetch(new Request(`https://${host}/x`));
  return { to, sent, seen };
}

async function refuses(work: Promise<unknown>): Promise<void> {
  await assert.rejects(
    work,
    (error) =>
      error instanceof KeyturnError &&
      error.code === 'host-unconfirmed' &&
      /`keyturn confirm-host gitlab [^`]+`/.test(error.message),
  );
}

describe('a host to which values are sent', () => {
  it("is the vendor's own without being looked up", async () => {
    const { to, sent, seen } = world({});
    await to('gitlab.com');
    assert.deepEqual([sent, seen.asked], [['gitlab.com'], 0]);
  });

  it("is one of the operator's list, and then not the vendor's", async () => {
    const { to, sent } = world({ allowed: ['git.example.com'] });
    await to('git.example.com');
    for (const host of [
      'gitlab.com',
      'git.example.com:8443',
      'git.example.com.thief.example',
      'x-git.example.com',
    ])
      await refuses(to(host));
    assert.deepEqual(sent, ['git.example.com']);
  });

  it('is a confirmed one, looked up again after minutes; another host is looked up each time', async () => {
    const { to, sent, seen } = world({ confirmed: ['git.example.com'] });
    await to('git.example.com');
    await to('git.example.com');
    assert.equal(seen.asked, 1);
    seen.now = 5 * MINUTE - 1;
    await to('git.example.com');
    assert.equal(seen.asked, 1);
    seen.now = 5 * MINUTE;
    await to('git.example.com');
    assert.equal(seen.asked, 2);
    await refuses(to('thief.example'));
    await refuses(to('thief.example'));
    assert.deepEqual([seen.asked, sent.length], [4, 4]);
  });
});
