import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { unleash } from '../../functions/providers/unleash/index.ts';
import { unleashSimulator } from '../../lib/sandbox/issuers/unleash.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup, type ProviderContract, type Setup } from '../contracts/setup.ts';
import { assertCode, everythingIn, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(unleash, {
    accountFields: ['project', 'environment'],
    made: { id: 'tokenName', value: 'secret' },
    mayCall: ({ path }) => path === '/api/client/features' || path.startsWith('/api/admin/api-tokens'),
  }),
  name: 'unleash against its simulator',
  createIssuer: (clock) => unleashSimulator({ clock }),
};
defineProviderContract(CONTRACT);

const Tokens = z.object({ tokens: z.array(z.looseObject({ tokenName: z.string() })) });

/** The list of tokens as a change makes it; all else as it is. */
function listing(
  { issuer, world }: Setup,
  change: (tokens: z.infer<typeof Tokens>['tokens']) => object[],
): void {
  world.intercept(async (request) => {
    if (request.method !== 'GET' || !request.url.endsWith('/api-tokens')) return undefined;
    const { tokens } = Tokens.parse(await (await issuer.fetch(request)).json());
    return Response.json({ tokens: change(tokens) });
  });
}

describe('unleash: revocation by value', () => {
  it('sends the value in the path, and shows it neither in an error nor in the log of the issuer', () =>
    withSetup(CONTRACT, async (setup) => {
      const { handle, value } = await issue(setup.session, marked(1));
      setup.world.sent.length = 0;
      await setup.session.revoke(handle);
      const ended = setup.world.sent.filter(({ method }) => method === 'DELETE');
      assert.deepEqual(
        ended.map(({ path }) => decodeURIComponent(path)),
        [`/api/admin/api-tokens/${value.reveal()}`],
      );
      assert.ok(!everythingIn(setup.issuer.log()).includes(encodeURIComponent(value.reveal())));
      const second = await issue(setup.session, marked(2));
      setup.world.intercept(async ({ method }) =>
        method === 'DELETE' ? Response.json({}, { status: 400 }) : undefined,
      );
      const error = await rejection(setup.session.revoke(second.handle));
      assertCode(error, 'issuer-refused');
      for (const form of [second.value.reveal(), encodeURIComponent(second.value.reveal())])
        assert.ok(!everythingIn(error).includes(form));
    }));

  for (const [name, change] of [
    ['hides the value of', (tokens: object[]) => tokens.map((token) => ({ ...token, secret: null }))],
    ['shows two of the name and time of', (tokens: object[]) => [...tokens, ...tokens]],
  ] as const)
    it(`ends nothing while the list ${name} the token`, () =>
      withSetup(CONTRACT, async (setup) => {
        const { handle } = await issue(setup.session, marked(1));
        listing(setup, change);
        setup.world.sent.length = 0;
        assertCode(await rejection(setup.session.revoke(handle)), 'issuer-refused', handle);
        assert.ok(setup.world.sent.every(({ method }) => method === 'GET'));
        const [truth] = await setup.issuer.credentials(SECRET);
        assert.ok(truth?.live);
      }));

  it('tells a new token whose value the list hides', () =>
    withSetup(CONTRACT, async (setup) => {
      setup.world.intercept(async (request) => {
        if (request.method !== 'POST') return undefined;
        const made = z.looseObject({}).parse(await (await setup.issuer.fetch(request)).json());
        return Response.json({ ...made, secure: true }, { status: 201 });
      });
      assert.ok(setup.session.kind === 'minting');
      const { differs } = await setup.session.mint({ marker: marked(1), expiresAt: undefined });
      assert.match(differs ?? '', /only a person can revoke it/);
    }));
});
