import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0 } from '../../fakes/tokens.ts';
import { bench, type Bench } from '../harness.ts';
import { healthy, open } from '../tokens.ts';
import type { RefreshJson } from '../../../lib/cli/json/tokens.ts';

const ID = 'prod/x-AbC123';
const BEFORE = healthy('prod/x', {
  validity: { at: T0 - HOUR, outcome: 'active' },
  activeAt: T0 - HOUR,
  inspectedAt: T0 - HOUR,
});

/** A token whose inspection changes the record so, at the second look of the command. */
async function inspected(change: (token: Token) => Token, before: Token = BEFORE): Promise<Bench> {
  const it = bench();
  await it.put(before);
  let looks = 0;
  it.meanwhile = async () =>
    void (++looks === 2 && (await it.change(ID, (token) => change({ ...token, inspectedAt: T0 }))));
  return it;
}

async function viewOf(it: Bench): Promise<RefreshJson> {
  return JSON.parse((await it.keyturn('refresh', 'prod/x', '--json')).out);
}

describe('keyturn refresh', () => {
  it('asks for an inspection, waits for it, and shows what it found', async () => {
    const it = await inspected((token) => ({
      ...token,
      validity: { at: T0, outcome: 'active' },
      activeAt: T0,
    }));
    const { exit, out } = await it.keyturn('refresh', 'prod/x');
    assert.equal(exit, 0);
    assert.deepEqual(
      it.sent.map(({ command }) => command),
      [
        {
          kind: 'inspect',
          tokenId: ID,
          secretArn: BEFORE.secretArn,
          provider: 'gitlab',
          notAfter: T0 + 40 * MINUTE,
        },
      ],
    );
    assert.match(out, /^validity +active$/m);
    assert.match(out, /^This inspection found nothing wrong\.$/m);
  });

  it('says unknown where this inspection got no answer, whatever the issuer said before', async () => {
    for (const before of [
      BEFORE,
      { ...BEFORE, refusedSince: T0 - HOUR, validity: { at: T0 - HOUR, outcome: 'inactive' as const } },
    ]) {
      const silent = await inspected((token) => token, before);
      assert.match(
        (await silent.keyturn('refresh', 'prod/x')).out,
        /^validity +unknown: this inspection got no answer from the issuer$/m,
      );
      const view = await viewOf(await inspected((token) => token, before));
      assert.deepEqual(
        [view.validity, view.state],
        ['unknown', 'ok'],
        'an older judgement is not the present',
      );
    }
    const down = await inspected((token) => ({
      ...token,
      validity: { at: T0, outcome: 'unknown', reason: 'the connection failed' },
    }));
    const { out, exit } = await down.keyturn('refresh', 'prod/x', '--exit-code');
    assert.match(
      out,
      /^validity +unknown: the connection failed\nThis inspection opened no finding, and could not check whether the token works\.$/m,
    );
    assert.equal(exit, 5, 'not known is no all-clear');
  });

  it('keeps findings that this inspection did not judge apart', async () => {
    const it = await inspected((token) => ({
      ...token,
      validity: { at: T0, outcome: 'inactive' },
      refusedSince: T0,
      findings: [
        open({ kind: 'token-inactive', seenAt: T0, detail: 'Rejected.' }),
        open({ kind: 'previous-credential-in-use', seenAt: T0 - HOUR }),
      ],
    }));
    const { out, exit } = await it.keyturn('refresh', 'prod/x', '--exit-code');
    assert.equal(exit, 5);
    assert.match(out, /^validity +inactive$/m);
    assert.match(
      out,
      /critical {2}token-inactive .*\n {4}Rejected\.\n {4}then: npx --no keyturn rotate prod\/x --installation main\nNot judged by this inspection: previous-credential-in-use\. /,
    );
    const view = await viewOf(
      await inspected((token) => ({ ...token, findings: [open({ seenAt: T0 - HOUR })] })),
    );
    assert.deepEqual([view.findings, view.notJudged], [[], ['previous-credential-in-use']]);
  });

  it('fails when nothing inspects in time, and says what to do', async () => {
    const it = bench();
    await it.put(BEFORE);
    const { exit, out, err } = await it.keyturn('refresh', 'prod/x', '--timeout', '4s');
    assert.deepEqual([exit, out], [1, '']);
    assert.match(
      err,
      /was asked to inspect prod\/x and has not yet\. Run the command again in some minutes\.\n$/,
    );
  });

  it('shows why a secret cannot be rotated, as this inspection found it', async () => {
    const it = await inspected((token) => ({ ...token, unusable: 'The secret has no tag keyturn:owner.' }));
    assert.match(
      (await it.keyturn('refresh', 'prod/x')).out,
      /^state +secret unusable: .*\n.*\nThe secret has no tag keyturn:owner\.$/m,
    );
  });

  it('is refused for a token that Keyturn does not manage', async () => {
    const it = bench();
    await it.put(healthy('prod/x', { detachedAt: T0 }));
    assert.equal((await it.keyturn('refresh', 'prod/x')).exit, 3);
    assert.deepEqual(it.sent, []);
  });
});
