import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { askingIssuers } from '../../../lib/cli/aws/ask-issuer.ts';

/** Asks as the command does; resolves to the requests that were sent. */
async function sentFor(provider: string, account: string | undefined): Promise<readonly Request[]> {
  const sent: Request[] = [];
  const ask = askingIssuers(async (request) => {
    sent.push(request);
    return Response.json({}, { status: 418 });
  });
  assert.equal((await ask(provider, new Secret('value'), account)).outcome, 'unknown');
  return sent;
}

describe('asking an issuer about a value that a person created', () => {
  it('is done as the account that the value is for, where the issuer has to be told', async () => {
    const [request] = await sentFor('github-app-key', 'apps/1383744');
    assert.equal(request?.url, 'https://api.github.com/app');
    const [, claims = ''] = (request.headers.get('authorization') ?? '').split('.');
    assert.equal(JSON.parse(Buffer.from(claims, 'base64url').toString()).iss, 1383744);
  });

  it('sends nothing where that account is not known yet, or nobody can be asked', async () => {
    assert.deepEqual(await sentFor('github-app-key', undefined), []);
    assert.deepEqual(await sentFor('gitlab', 'projects/1'), []);
  });
});
