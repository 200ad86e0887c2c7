import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  IssuerUrl,
  RedissUrl,
  WebhookUrl,
  assertHostAllowed,
  hostObjection,
  hostTrust,
  issuerRoot,
  issuerUrl,
} from '../../functions/providers/hosts.ts';
import { assertCode, rejection } from '../contracts/world.ts';

const failing = (run: () => unknown) => rejection(Promise.resolve().then(run));

describe('RedissUrl', () => {
  it('gives the https origin of the same host and port, which is that of Redis where none is named', () => {
    for (const [text, origin] of [
      ['rediss://redis.example.com', 'https://redis.example.com:6379'],
      ['rediss://Redis.example.com/', 'https://redis.example.com:6379'],
      ['REDISS://redis.example.com:6380', 'https://redis.example.com:6380'],
      ['rediss://redis.example.com:443', 'https://redis.example.com'],
      ['rediss://10.1.2.3', 'https://10.1.2.3:6379'],
      ['rediss://[fd12:3456::1]', 'https://[fd12:3456::1]:6379'],
      ['rediss://[fd12:3456::1]:1', 'https://[fd12:3456::1]:1'],
    ] as const)
      assert.equal(RedissUrl.parse(text), origin);
  });

  it('says what is wrong, in its own scheme', () => {
    for (const [text, problem] of [
      ['redis://redis.example.com', /^must start with rediss:\/\/$/],
      ['redis://127.0.0.1', /^must start with rediss:\/\/$/],
      ['https://redis.example.com', /^must start with rediss:\/\/$/],
      ['redis.example.com', /^must start with rediss:\/\/$/],
      ['rediss://', /address like rediss:\/\/redis.example.com:6379$/],
      ['rediss://x y', /address like rediss:/],
      ['rediss://u:p@redis.example.com', /user or a password/],
      ['rediss://u:p@redis.example.com:6379', /user or a password/],
      ['rediss://redis.example.com/0', /end after the host/],
      ['rediss://redis.example.com?db=0', /end after the host/],
      ['rediss://redis.example.com#x', /end after the host/],
      ['rediss://localhost', /this machine/],
      ['rediss://127.0.0.1:6379', /this machine/],
      ['rediss://[::1]', /this machine/],
      ['rediss://169.254.169.254', /this machine/],
    ] as const)
      assert.match(RedissUrl.safeParse(text).error?.issues[0]?.message ?? '', problem, text);
  });
});

describe('issuerUrl', () => {
  it('gives the origin', () => {
    assert.equal(issuerUrl('https://gitlab.example.com'), 'https://gitlab.example.com');
    assert.equal(issuerUrl('https://GitLab.Example.com:443/'), 'https://gitlab.example.com');
    assert.equal(issuerUrl('https://gitlab.example.com:8443'), 'https://gitlab.example.com:8443');
    assert.equal(issuerUrl('https://10.1.2.3'), 'https://10.1.2.3');
    assert.equal(issuerUrl('https://[fd12:3456::1]'), 'https://[fd12:3456::1]');
    for (const host of [
      'mylocalhost',
      'localhost.example.com',
      'metadata.example.com',
      'instance-data.example.com',
      'xmetadata',
    ])
      assert.equal(issuerUrl(`https://${host}`), `https://${host}`);
    assert.equal(IssuerUrl.parse('https://GitLab.Example.com:443/'), 'https://gitlab.example.com');
  });

  it('says in a schema what is wrong, as elsewhere', () => {
    assert.deepEqual(
      IssuerUrl.safeParse('http://x.example').error?.issues.map(({ code, message }) => ({ code, message })),
      [{ code: 'custom', message: 'must start with https://' }],
    );
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
      'localhost',
      'LOCALHOST',
      'a.localhost',
      'abc.localhost',
      'metadata.google.internal',
      'metadata',
      'instance-data',
      'instance-data.ec2.internal',
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.0.0.1',
      '0177.0.0.1',
      '0.0.0.0',
      '0',
      '169.254.169.254',
      '169.254.170.2',
      '2852039166',
      '[::1]',
      '[::]',
      '[fe80::1]',
      '[febf::1]',
      '[fd00:ec2::254]',
      '[fd00:0ec2:0::23]',
      '[::ffff:127.0.0.1]',
      '[::ffff:a9fe:a9fe]',
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
      fc.property(
        fc.constantFrom([127, undefined], [169, 254], [0, undefined]),
        fc.nat(255),
        fc.nat(255),
        fc.nat(255),
        ([first = 0, second], b, c, d) => {
          const bytes = [first, second ?? b, c, d];
          const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
          const hex = number.toString(16).padStart(8, '0');
          for (const host of [
            bytes.join('.'),
            String(number),
            `0x${hex}`,
            `[::ffff:${hex.slice(0, 4)}:${hex.slice(4)}]`,
          ])
            assert.throws(() => issuerUrl(`https://${host}`), host);
        },
      ),
    );
  });

  it('repeats nothing of what it refuses', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9]{12}$/),
        fc.constantFrom('glpat-', 'http://', 'https://u:', 'https://x.example/'),
        (canary, start) => {
          const parsed = IssuerUrl.safeParse(`${start}${canary}`);
          assert.equal(parsed.success, false);
          assert.ok(!JSON.stringify(parsed.error?.issues).includes(canary));
        },
      ),
    );
  });
});

describe('issuerRoot', () => {
  const read = (text: string, apiPath?: string) => issuerRoot(apiPath).safeParse(text);

  it('gives the origin with the path below which the issuer lies, without a slash at its end', () => {
    for (const [text, root] of [
      ['https://git.acme.com', 'https://git.acme.com'],
      ['https://git.acme.com/', 'https://git.acme.com'],
      ['https://Git.Acme.com:443/gitlab', 'https://git.acme.com/gitlab'],
      ['https://git.acme.com:8443/a/b-c/d.e_f~1/', 'https://git.acme.com:8443/a/b-c/d.e_f~1'],
      ['https://10.1.2.3/gitlab', 'https://10.1.2.3/gitlab'],
    ] as const)
      assert.equal(read(text).data, root);
  });

  it('refuses what could lead elsewhere', () => {
    for (const text of [
      'https://a.example/x/../y',
      'https://a.example/./x',
      'https://a.example/x/..',
      'https://a.example//x',
      'https://a.example/x//y',
      'https://a.example/%2e%2e/x',
      'https://a.example/a%2fb',
      'https://a.example/x?y',
      'https://a.example/x#y',
      'https://a.example\\\\x',
      'https://a.example/x y',
      'https://a.example/.hidden',
      'http://a.example/x',
      'https://u:p@a.example/x',
      'https://localhost/x',
      'https://169.254.169.254/latest/meta-data',
      'a.example/x',
      '',
    ])
      assert.equal(read(text).success, false, text);
  });

  it('refuses the path of the API, which would stand there twice', () => {
    for (const text of ['https://git.acme.com/api/v4', 'https://git.acme.com/gitlab/api/v4/'])
      assert.match(read(text, '/api/v4').error?.message ?? '', /must end before \/api\/v4/);
    assert.equal(read('https://git.acme.com/api/v4x', '/api/v4').success, true);
    assert.equal(read('https://git.acme.com/undefined').success, true);
    for (const [text, problem] of [
      ['http://git.acme.com', 'must start with https://'],
      [
        'https://git.acme.com/x?y',
        'must end after the path at which the issuer lies, as in https://git.example.com/gitlab: leave ' +
          'out query and fragment',
      ],
    ] as const)
      assert.deepEqual(
        read(text, '/api/v4').error?.issues.map(({ code, message }) => ({ code, message })),
        [{ code: 'custom', message: problem }],
      );
  });

  it('takes any plain path and changes nothing of it', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-zA-Z0-9_-][\w.~-]{0,9}$/), { maxLength: 4 }), (parts) =>
        assert.equal(
          read(['https://a.example', ...parts].join('/')).data,
          ['https://a.example', ...parts].join('/'),
        ),
      ),
    );
  });
});

describe('WebhookUrl', () => {
  it('is an address with path and query, under the same rules', () => {
    assert.equal(
      WebhookUrl.parse('https://hooks.example.com/a/b%20c?d=e').href,
      'https://hooks.example.com/a/b%20c?d=e',
    );
    for (const [text, problem] of [
      ['https://hooks.example.com/a#b', 'must have no fragment'],
      ['http://hooks.example.com/', 'must start with https://'],
      ['https://localhost/a', /this machine/],
      ['https://u@hooks.example.com/a', /user or a password/],
    ] as const) {
      const [issue] = WebhookUrl.safeParse(text).error?.issues ?? [];
      assert.equal(issue?.code, 'custom');
      assert.match(issue?.message ?? '', new RegExp(problem));
    }
  });
});

describe('hostObjection', () => {
  const issuer = { id: 'okta', hosts: ['*.okta.com'] };

  it(
    "is none to the vendor's own hosts, unless the operator has a list; then the list, and what was " +
      'confirmed, is all',
    () => {
      assert.equal(hostObjection('acme.okta.com', issuer, [], []), undefined);
      assert.equal(hostObjection('id.acme.com', issuer, ['id.acme.com'], []), undefined);
      assert.equal(hostObjection('id.acme.com', issuer, [], ['id.acme.com']), undefined);
      assert.equal(hostObjection('acme.okta.com', issuer, ['id.acme.com'], ['acme.okta.com']), undefined);
      for (const [host, allowed] of [
        ['id.acme.com', []],
        ['acme.okta.com', ['id.acme.com']],
      ] as const)
        assert.match(
          hostObjection(host, issuer, allowed, []) ?? '',
          new RegExp(`nothing is sent there.*keyturn confirm-host okta ${host}`),
        );
    },
  );
});

describe('hostTrust', () => {
  const vendor = { hosts: ['gitlab.com', '*.okta.com'] };
  const trust = (host: string, allowed: string[] = [], confirmed: string[] = []) =>
    hostTrust(host, vendor, allowed, confirmed);

  it("trusts the vendor's own hosts", () => {
    for (const host of ['gitlab.com', 'x.okta.com', 'acme.okta.com', 'a.b.okta.com', 'a-1.okta.com'])
      assert.equal(trust(host), 'built-in');
  });

  it('trusts others only when an operator named them, and says how', () => {
    assert.equal(trust('git.acme.com:8443', ['git.acme.com:8443']), 'allowed');
    assert.equal(trust('git.acme.com', ['other.example'], ['git.acme.com']), 'confirmed');
    assert.equal(trust('git.acme.com', ['git.acme.com'], ['git.acme.com']), 'allowed');
    assert.equal(hostTrust('gitlab.com', {}, [], []), 'unconfirmed');
  });

  it('trusts nothing that only looks like it', () => {
    for (const host of [
      'okta.com',
      'evilokta.com',
      'okta.com.evil.example',
      '.okta.com',
      'a..okta.com',
      'a..b.okta.com',
      '-.okta.com',
      'a-.okta.com',
      'x.gitlab.com',
      'gitlab.com.',
      'gitlab.com:8443',
      'acme.okta.com:444',
      'GITLAB.COM',
      '',
      '*.okta.com',
      'a/b.okta.com',
      'u@x.okta.com',
    ])
      assert.equal(trust(host, ['git.acme.com'], ['git.acme.com']), 'unconfirmed', host);
    for (const host of ['xgit.acme.com', 'git.acme.com:1', 'git.acme.com.evil.example'])
      assert.equal(trust(host, ['git.acme.com'], ['git.acme.com']), 'unconfirmed', host);
  });
});

describe('assertHostAllowed', () => {
  it('takes hosts on the list, and any when there is none', () => {
    assertHostAllowed('a.example', ['a.example', 'b.example:8443']);
    assertHostAllowed('b.example:8443', ['a.example', 'b.example:8443']);
    assertHostAllowed('whatever.example', []);
  });

  it('refuses others, part matches and other ports', async () => {
    for (const host of [
      'evil.example',
      'xa.example',
      'a.example.evil.example',
      'a.example:444',
      'sub.a.example',
    ])
      assertCode(
        await failing(() => assertHostAllowed(host, ['a.example'])),
        'admin-invalid',
        host,
        'a.example',
      );
  });
});

describe('hosts of an issuer that a user declares', () => {
  const own = { id: 'own-hub', own: true, hosts: ['hub.example.com'] } as const;

  it('come from the settings alone: neither a confirmation nor its descriptor adds one', () => {
    assert.equal(hostTrust('hub.example.com', own, [], ['hub.example.com']), 'unconfirmed');
    assert.equal(hostTrust('hub.example.com', own, ['hub.example.com'], []), 'allowed');
    assert.equal(hostObjection('hub.example.com', own, ['hub.example.com'], []), undefined);
  });

  it('are refused with the setting to change', () => {
    for (const allowed of [[], ['other.example.com']])
      assert.match(
        hostObjection('hub.example.com', own, allowed, ['hub.example.com']) ?? '',
        /^The admin secret of own-hub names the host hub\.example\.com, which the settings do not name: .*issuers\.own-hub\.allowedHosts/,
      );
  });
});
