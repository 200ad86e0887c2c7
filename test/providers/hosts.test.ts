import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { IssuerUrl, assertHostAllowed, issuerUrl } from '../../functions/providers/hosts.ts';
import { assertCode, rejection } from '../contracts/world.ts';

const failing = (run: () => unknown) => rejection(Promise.resolve().then(run));

describe('issuerUrl', () => {
  it('gives the origin', () => {
    assert.equal(issuerUrl('https://gitlab.example.com'), 'https://gitlab.example.com');
    assert.equal(issuerUrl('https://GitLab.Example.com:443/'), 'https://gitlab.example.com');
    assert.equal(issuerUrl('https://gitlab.example.com:8443'), 'https://gitlab.example.com:8443');
    assert.equal(issuerUrl('https://10.1.2.3'), 'https://10.1.2.3');
    assert.equal(issuerUrl('https://[fd12:3456::1]'), 'https://[fd12:3456::1]');
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['gitlab.example.com', /address like/],
    ['', /address like/],
    ['https://', /address like/],
    ['http://gitlab.example.com', /https/],
    ['ftp://gitlab.example.com', /https/],
    ['https://user@gitlab.example.com', /user or a password/],
    ['https://:pw@gitlab.example.com', /user or a password/],
    ['https://gitlab.example.com/api', /end after the host/],
    ['https://gitlab.example.com?', /end after the host/],
    ['https://gitlab.example.com/?a=b', /end after the host/],
    ['https://gitlab.example.com/#x', /end after the host/],
    ['https://gitlab.example.com.', /dot/],
    ...[
      'localhost', 'LOCALHOST', 'a.localhost', 'metadata.google.internal', 'metadata', 'instance-data.ec2.internal',
      '127.0.0.1', '127.1', '2130706433', '0x7f.0.0.1', '0177.0.0.1', '0.0.0.0', '0', '169.254.169.254', '169.254.170.2', '2852039166',
      '[::1]', '[::]', '[fe80::1]', '[febf::1]', '[fd00:ec2::254]', '[fd00:0ec2:0::23]', '[::ffff:127.0.0.1]', '[::ffff:a9fe:a9fe]',
    ].map((host) => [`https://${host}`, /this machine/] as const),
  ];
  for (const [text, problem] of refused)
    it(`refuses "${text}"`, async () => {
      const error = await failing(() => issuerUrl(text));
      assertCode(error, 'bad-request');
      assert.match(String(error), problem);
    });

  it('refuses all of loopback and link-local, however written', () => {
    fc.assert(
      fc.property(fc.constantFrom([127, undefined], [169, 254], [0, undefined]), fc.nat(255), fc.nat(255), fc.nat(255), ([first = 0, second], b, c, d) => {
        const bytes = [first, second ?? b, c, d];
        const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
        const hex = number.toString(16).padStart(8, '0');
        for (const host of [bytes.join('.'), String(number), `0x${hex}`, `[::ffff:${hex.slice(0, 4)}:${hex.slice(4)}]`]) assert.throws(() => issuerUrl(`https://${host}`), host);
      }),
    );
  });

  it('repeats nothing of what it refuses', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{12}$/), fc.constantFrom('glpat-', 'http://', 'https://u:', 'https://x.example/'), (canary, start) => {
        const parsed = IssuerUrl.safeParse(`${start}${canary}`);
        assert.equal(parsed.success, false);
        assert.ok(!JSON.stringify(parsed.error?.issues).includes(canary));
      }),
    );
  });
});

describe('assertHostAllowed', () => {
  it('takes hosts on the list, and any when there is none', () => {
    assertHostAllowed('a.example', ['a.example', 'b.example:8443']);
    assertHostAllowed('b.example:8443', ['a.example', 'b.example:8443']);
    assertHostAllowed('whatever.example', []);
  });

  it('refuses others, part matches and other ports', async () => {
    for (const host of ['evil.example', 'xa.example', 'a.example.evil.example', 'a.example:444', 'sub.a.example'])
      assertCode(await failing(() => assertHostAllowed(host, ['a.example'])), 'admin-malformed', host, 'a.example');
  });
});
