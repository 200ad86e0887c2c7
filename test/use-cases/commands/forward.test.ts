import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from '../../../functions/core/commands/commands.ts';
import { INSTALLATION_RECORD_ID } from '../../../functions/core/inventory/installation.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { Forwarded } from '../../../functions/core/commands/senders.ts';
import { forward, type ForwardPorts } from '../../../functions/use-cases/commands/forward.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog } from '../../fakes/recorders.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const ANA = { senderId: 'AROAOPERATOR:ana@example.com', isRedriven: false };
const TOKEN = aToken();
const END: Command = { kind: 'end', how: 'retire', tokenId: TOKEN.id, notAfter: T0 };

interface Desk extends ForwardPorts {
  readonly sent: { provider: string; forwarded: Forwarded }[];
  readonly log: ReturnType<typeof recordingLog>;
}

async function desk(more: Partial<ForwardPorts> = {}): Promise<Desk> {
  const inventory = new MemoryInventory();
  await inventory.save(TOKEN, 0);
  const sent: Desk['sent'] = [];
  return {
    inventory,
    sent,
    providers: ['okta', 'gitlab'],
    forwards: { send: async (provider, forwarded) => void sent.push({ provider, forwarded }) },
    now: () => T0,
    ...more,
    log: recordingLog(),
  };
}

describe('what a person asks', () => {
  it('goes to the worker of the provider on record, with the requester that SQS noted', async () => {
    const ports = await desk();
    assert.equal(await forward(END, ANA, ports), true);
    assert.deepEqual(ports.sent, [
      { provider: 'gitlab', forwarded: { command: END, requestedBy: ANA.senderId } },
    ]);
  });

  const DROPPED: Record<string, Command> = {
    'about a token whose id only begins so': { ...END, tokenId: TOKEN.id.slice(0, -1) },
    'about a token by its name': { ...END, tokenId: TOKEN.name },
    'of a test of alerts that names a token': { kind: 'test-alert', tokenId: TOKEN.id, notAfter: T0 },
    'about nothing': { ...END, tokenId: '' },
    'of a kind that is not for people to ask': {
      kind: 'retire',
      tokenId: TOKEN.id,
      notAfter: T0,
      credentialId: 'v1',
    },
    'of the end of the installation': { ...END, tokenId: INSTALLATION_RECORD_ID },
    'about an admin secret that is no token, but for a report': {
      ...END,
      tokenId: 'keyturn/admin/gitlab-AbC123',
    },
    'too late': { ...END, notAfter: T0 - 1 },
  };
  for (const [what, command] of Object.entries(DROPPED))
    it(`is dropped ${what}, and the log says by whom`, async () => {
      const ports = await desk();
      assert.equal(await forward(command, ANA, ports), false);
      assert.deepEqual(ports.sent, []);
      assert.match(ports.log.lines.join(), /a request was dropped.*AROAOPERATOR:ana@example\.com/);
    });

  it('is dropped when the provider of the token is not deployed', async () => {
    assert.equal(await forward(END, ANA, await desk({ providers: ['okta'] })), false);
  });

  it('once given up is dropped where it can end a credential, and handed on where it cannot', async () => {
    const again = { ...ANA, isRedriven: true };
    assert.equal(await forward(END, again, await desk()), false);
    assert.equal(
      await forward({ kind: 'acknowledge', tokenId: TOKEN.id, notAfter: T0 }, again, await desk()),
      true,
    );
  });

  it('of the installation itself, that somebody has taken it on, goes to any worker function', async () => {
    const ports = await desk();
    assert.equal(
      await forward({ kind: 'acknowledge', tokenId: INSTALLATION_RECORD_ID, notAfter: T0 }, ANA, ports),
      true,
    );
    assert.equal(ports.sent[0]?.provider, 'okta');
  });

  it('of a test of alerts goes to any worker function', async () => {
    const ports = await desk();
    const command = { kind: 'test-alert', tokenId: INSTALLATION_RECORD_ID, notAfter: T0 } as const;
    assert.equal(await forward(command, ANA, ports), true);
    assert.equal(ports.sent[0]?.provider, 'okta');
  });

  it(
    'of a look at a token goes where its record says, and of one at a secret without a record where the ' +
      'command says',
    async () => {
      const look = {
        kind: 'inspect',
        tokenId: TOKEN.id,
        secretArn: TOKEN.secretArn,
        provider: 'okta',
        notAfter: T0,
      } as const;
      const ports = await desk();
      assert.equal(await forward(look, ANA, ports), true);
      assert.equal(await forward({ ...look, tokenId: 'new/secret-AbC123' }, ANA, ports), true);
      assert.deepEqual(
        ports.sent.map(({ provider }) => provider),
        ['gitlab', 'okta'],
      );
      for (const provider of ['npm-registry', undefined])
        assert.equal(
          await forward({ ...look, tokenId: 'new/secret-AbC123', provider }, ANA, await desk()),
          false,
        );
      assert.equal(
        await forward(look, { ...ANA, isRedriven: true }, await desk()),
        true,
        'it can end nothing',
      );
    },
  );

  it('of an admin secret without a record, that it is out, goes to the worker of its provider', async () => {
    for (const tokenId of ['keyturn/admin/gitlab-AbC123', 'keyturn/admin/gitlab/emea-AbC123']) {
      const ports = await desk();
      assert.equal(
        await forward(
          { kind: 'compromise', source: 'a person', reportedAt: T0, tokenId, notAfter: T0 },
          ANA,
          ports,
        ),
        true,
        tokenId,
      );
      assert.equal(ports.sent[0]?.provider, 'gitlab');
    }
  });

  it('comes again when the table or the queue did not answer', async () => {
    const broken = (): Promise<never> => Promise.reject(new KeyturnError('aws-failed', 'No answer.'));
    await assert.rejects(forward(END, ANA, await desk({ forwards: { send: broken } })), {
      code: 'aws-failed',
    });
    await assert.rejects(forward(END, ANA, await desk({ inventory: { load: broken } })), {
      code: 'aws-failed',
    });
  });
});
