import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { bench, type Bench } from '../harness.ts';

const OLD = 'The admin secret keyturn/admin/gitlab has no grant for prod/x.';
const TOKEN = aToken({ name: 'prod/x', unusable: OLD, inspectedAt: T0 - MINUTE });

/** What the function does after so many looks of the command. */
function after(it: Bench, looks: number, worker: () => Promise<void>): void {
  let slept = 0;
  it.meanwhile = async () => void (++slept === looks && (await worker()));
}

const kinds = (it: Bench): string[] => it.sent.map(({ command }) => command.kind);

describe('rotate, of a token that could not be managed', () => {
  async function unusable(change: Partial<Token>, looks = 2): Promise<Bench> {
    const it = bench();
    await it.put(TOKEN);
    after(it, looks, () => it.change(TOKEN.id, (token) => ({ ...token, inspectedAt: T0, ...change })));
    return it;
  }

  it('has it looked at first, and goes on once what stood against it is mended', async () => {
    const it = await unusable({ unusable: undefined });
    const { exit, out, err } = await it.keyturn('rotate', 'prod/x');
    assert.equal(exit, 0);
    assert.deepEqual(it.sent[0], {
      provider: 'gitlab',
      command: {
        kind: 'inspect',
        tokenId: TOKEN.id,
        secretArn: TOKEN.secretArn,
        provider: 'gitlab',
        notAfter: T0 + 40 * MINUTE,
      },
    });
    assert.deepEqual(kinds(it), ['inspect', 'rotate']);
    assert.match(
      err,
      /could not be rotated at the last inspection: .*no grant for prod\/x\. Keyturn inspects it again now\./,
    );
    assert.match(out, /A rotation of prod\/x was asked for/);
  });

  it('refuses with the reason as it is now', async () => {
    const it = await unusable({ unusable: 'The issuer refuses the admin credential.' });
    const { exit, err } = await it.keyturn('rotate', 'prod/x');
    assert.equal(exit, 3);
    assert.match(err, /prod\/x cannot be rotated: The issuer refuses the admin credential\.\n$/);
    assert.deepEqual(kinds(it), ['inspect']);
  });

  it('says so when no inspection comes in time', async () => {
    const it = await unusable({ unusable: undefined }, Infinity);
    const { exit, err } = await it.keyturn('rotate', 'prod/x');
    assert.equal(exit, 3);
    assert.match(err, /Keyturn was asked to inspect it again and has not yet\. Ask again in some minutes\./);
    assert.deepEqual(kinds(it), ['inspect']);
  });

  it('waits no longer than it is told', async () => {
    const it = await unusable({ unusable: undefined }, 4);
    assert.equal((await it.keyturn('rotate', 'prod/x', '--timeout', '4s')).exit, 3);
  });
});

describe('rotate, of a secret that was registered a moment ago', () => {
  async function registered(): Promise<Bench> {
    const it = bench();
    const tags = new Map([
      ['keyturn:installation', 'main'],
      ['keyturn:issuer', 'gitlab'],
    ]);
    it.secrets = {
      ...it.secrets,
      arnOf: async (name) => (name === 'prod/x' ? TOKEN.secretArn : undefined),
      find: async () => ({
        arn: TOKEN.secretArn,
        tags,
        obstacle: undefined,
        pending: undefined,
        rotation: undefined,
      }),
    };
    return it;
  }

  it('has it taken in first', async () => {
    const it = await registered();
    after(it, 3, () => it.put({ ...TOKEN, unusable: undefined, inspectedAt: T0 }));
    const { exit, err } = await it.keyturn('rotate', 'prod/x');
    assert.equal(exit, 0);
    assert.deepEqual(kinds(it), ['inspect', 'rotate']);
    assert.match(err, /is not in the inventory yet: Keyturn inspects it now\./);
  });

  it('says so when it is not taken in in time, and asks for nothing', async () => {
    const it = await registered();
    const { exit, err } = await it.keyturn('rotate', 'prod/x');
    assert.equal(exit, 3);
    assert.match(err, /was asked to take prod\/x into its inventory and has not yet/);
    assert.deepEqual(kinds(it), ['inspect']);
  });
});

describe('apply', () => {
  const FILE = 'version: 1\ntokens:\n  - { secret: prod/x, issuer: gitlab, owner: a }\n';

  function applying(): Bench {
    const it = bench();
    it.files.set('tokens.yaml', FILE);
    it.secrets = { ...it.secrets, arnOf: async () => TOKEN.secretArn };
    return it;
  }

  it('has what it registered looked at now', async () => {
    const it = applying();
    const { exit, out } = await it.keyturn('apply', 'tokens.yaml', '--yes');
    assert.equal(exit, 0);
    assert.match(
      out,
      /1 secret done\. Keyturn was asked to inspect them: within minutes `keyturn status` lists them\./,
    );
    assert.deepEqual(
      it.sent.map(({ command }) => command.kind === 'inspect' && command.secretArn),
      [TOKEN.secretArn],
    );
  });

  it('is done all the same where the caller may not ask', async () => {
    const it = applying();
    it.sent.push = () => {
      throw new KeyturnError('aws-failed', 'AWS did not do sqs:SendMessage: AccessDenied.');
    };
    const { exit, out } = await it.keyturn('apply', 'tokens.yaml', '--yes');
    assert.equal(exit, 0);
    assert.match(out, /Keyturn finds new ones within the hour/);
  });

  it('asks for no look where nothing was applied', async () => {
    const it = applying();
    await it.keyturn('plan', 'tokens.yaml');
    assert.deepEqual(it.sent, []);
  });
});
