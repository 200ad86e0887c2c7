import assert from 'node:assert/strict';
import { it } from 'node:test';
import { awsIam } from '../../functions/providers/aws-iam/index.ts';
import { readXml } from '../../functions/providers/aws-iam/xml.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { awsIamSimulator } from '../../lib/sandbox/issuers/aws-iam.ts';
import { signatureFault, signatureIn } from '../../lib/sandbox/issuers/aws-signature.ts';
import { asXml } from '../../lib/sandbox/issuers/xml.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, listing, marked, withSetup, type Setup } from '../contracts/setup.ts';
import { assertCode, everythingIn, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const KEY = 'CreateAccessKeyResponse.CreateAccessKeyResult.AccessKey';

const CONTRACT: ProviderContract = {
  ...contractOf(awsIam, {
    accountFields: ['user'],
    made: { id: `${KEY}.AccessKeyId`, value: `${KEY}.SecretAccessKey` },
    form: { read: readXml, write: asXml },
    logsIn: true,
    adminCredentials: (admin: AdminJson) => [admin['access_key']],
    malformed: [
      {
        field: 'access_key',
        breakIt: (admin, canary) => {
          admin['access_key'] = { canary };
        },
      },
      {
        field: 'grants[0].user',
        breakIt: (admin, canary) => {
          admin['grants'][0].user = `arn:aws:iam::111122223333:role/${canary}`;
        },
      },
    ],
    mayCall: ({ host, method, path, text }, account) => {
      const user = account.split('/').at(-1) ?? '';
      if (host.startsWith('sts.'))
        return method === 'GET' && path === '/?Action=GetCallerIdentity&Version=2011-06-15';
      const isRead = method === 'GET' && path.startsWith('/?Action=ListAccessKeys&');
      const isChange =
        method === 'POST' && path === '/' && /\bAction=(Create|Update|Delete)AccessKey&/.test(text);
      return (isRead || isChange) && new RegExp(`\\bUserName=${user}(&|$)`, 'm').test(text);
    },
  }),
  name: 'aws-iam against its simulator',
  createIssuer: (clock) => awsIamSimulator({ clock }),
};

defineProviderContract(CONTRACT);

it('is held against a signature that AWS publishes', () => {
  // IAM User Guide, "Create a signed AWS API request", the example of ListUsers.
  const headers = new Headers({
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'x-amz-date': '20150830T123600Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-date, ' +
      'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  });
  const signature = signatureIn(headers);
  assert.ok(signature);
  const fault = (now: number, host = 'iam.amazonaws.com') =>
    signatureFault(
      {
        method: 'GET',
        host,
        path: '/',
        query: new URLSearchParams({ Action: 'ListUsers', Version: '2010-05-08' }),
        headers,
        body: undefined,
        now,
      },
      signature,
      { secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', region: 'us-east-1', service: 'iam' },
    );
  const at = Date.parse('2015-08-30T12:36:00Z');
  assert.equal(fault(at), undefined);
  assert.match(fault(at, 'sts.amazonaws.com') ?? '', /does not match/);
  assert.match(fault(at + 6 * MINUTE) ?? '', /expired/);
});

const refusal = (status: number, code: string, message: string): Response =>
  asXml(status, {
    ErrorResponse: {
      '@xmlns': 'https://iam.amazonaws.com/doc/2010-05-08/',
      Error: { Type: 'Sender', Code: code, Message: message },
      RequestId: 'x',
    },
  });

it('never sends a secret access key: it signs', () =>
  withSetup(CONTRACT, async ({ session, world, admin }) => {
    const { value, handle } = await issue(session, marked(0));
    await session.probe(value);
    await session.identify(value);
    await session.revoke(handle);
    for (const text of [value.reveal(), admin['access_key']].map((pair) => String(pair).split(':')[1] ?? ''))
      for (const sent of world.sent) assert.ok(text !== '' && !sent.text.includes(text), sent.path);
    // A text of another form is no key id, and is not sent as one.
    world.sent.length = 0;
    assert.deepEqual(await session.probe(new Secret('wJalrXUtnFEMI/K7MDENG/canary')), {
      outcome: 'inactive',
    });
    assert.ok(world.sent.every((sent) => !sent.text.includes('canary')));
  }));

it('takes the key of another user for none of its own', () =>
  withSetup(CONTRACT, async ({ session, other }) => {
    const { value } = await issue(other, marked(0));
    const probe = await session.probe(value);
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another identity'));
  }));

it('does not call a key inactive whose secret does not fit its id: the clocks may differ', () =>
  withSetup(CONTRACT, async ({ session }) => {
    const { value } = await issue(session, marked(0));
    const [id = ''] = value.reveal().split(':');
    const probe = await session.probe(new Secret(`${id}:${'x'.repeat(40)}`));
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('clocks'));
    assertCode(
      await rejection(session.identify(new Secret(`${id}:${'x'.repeat(40)}`))),
      'issuer-response-invalid',
    );
  }));

it('calls a key inactive that is disabled, and lists it as disabled', () =>
  withSetup(CONTRACT, async ({ session }) => {
    const { value, handle } = await issue(session, marked(0));
    await session.toggle?.disable(handle);
    assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
    assert.deepEqual(
      (await session.list()).map(({ state }) => state),
      ['disabled'],
    );
  }));

it('waits for a list that is behind before it believes that a key is disabled', () =>
  withSetup(CONTRACT, async ({ session, world, issuer }) => {
    const { handle } = await issue(session, marked(0));
    let stale: Response | undefined;
    let looks = 0;
    world.intercept(async (request) => {
      if (!request.url.includes('ListAccessKeys')) return undefined;
      stale ??= await issuer.fetch(request.clone());
      return ++looks < 3 ? stale.clone() : undefined;
    });
    await session.list();
    await session.toggle?.disable(handle);
    assert.equal(looks, 3);
    assert.ok(world.slept.includes(2 * SECOND));
  }));

it('asks whose the admin key is before anything else, and does nothing in another account', () =>
  withSetup(CONTRACT, async ({ admin, world, issuer }) => {
    const text = JSON.stringify(admin).replaceAll('111122223333', '444455556666');
    const session = listing(awsIam.open(new Secret(text), SECRET, world.tools));
    for (const call of [() => session.list(), () => issue(session, marked(0))]) {
      const error = await rejection(call());
      assertCode(error, 'issuer-response-invalid', '444455556666');
    }
    assert.ok(world.sent.every(({ host }) => host === 'sts.keyturn.test'));
    assert.equal((await issuer.credentials(SECRET)).length, 0);
  }));

const THROTTLES = ['Throttling', 'ThrottlingException', 'RequestLimitExceeded'];

for (const code of THROTTLES)
  it(`takes 400 ${code} for a request to wait, and creates one key`, () =>
    withSetup(CONTRACT, async ({ session, world, issuer }) => {
      let refused = 0;
      world.intercept((request) =>
        request.method === 'POST' && refused++ === 0 ? refusal(400, code, 'Rate exceeded') : undefined,
      );
      await issue(session, marked(0));
      assert.ok(refused > 1 && world.slept.length > 0);
      assert.equal((await issuer.credentials(SECRET)).length, 1);
    }));

it('says that both slots are taken, an inactive key counted, and which call was refused', () =>
  withSetup(CONTRACT, async ({ session, issuer }) => {
    const { handle } = await issue(session, marked(0));
    await session.toggle?.disable(handle);
    await issue(session, marked(1));
    assertCode(
      await rejection(issue(session, marked(2))),
      'issuer-refused',
      'POST CreateAccessKey',
      'two access keys, active or not',
    );
    assert.equal((await issuer.credentials(SECRET)).length, 2);
  }));

it('says what the admin key lacks, without the words of the answer', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    world.intercept(() => refusal(403, 'AccessDenied', 'User: arn:aws:iam::1:user/canary is not authorized'));
    const error = await rejection(session.list());
    assertCode(error, 'admin-credential-rejected', 'GET ListAccessKeys', 'the policy of the admin key');
    assert.ok(!everythingIn(error).includes('canary'));
  }));

it('does not believe a deletion of which another server says 200', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const { handle } = await issue(session, marked(0));
    const others = ['', '{}', '<html></html>', '<DeleteAccessKeyResponse/>'];
    for (const text of others) {
      world.intercept((request) => (request.method === 'GET' ? undefined : new Response(text)));
      assertCode(await rejection(session.revoke(handle)), 'issuer-response-invalid', handle);
    }
  }));

it('gives up a key that was made for another user', () =>
  withSetup(CONTRACT, async ({ session, world, issuer }) => {
    world.intercept(async (request) => {
      if (request.method !== 'POST') return undefined;
      const text = await (await issuer.fetch(request.clone())).text();
      return new Response(text.replace('<UserName>robot1<', '<UserName>robot9<'));
    });
    assert.ok(session.kind === 'minting');
    const made = await session.mint({ marker: marked(0), expiresAt: undefined });
    assert.equal(made.differs, 'another user');
  }));

it('takes a refusal of another service, or another code, for none of the key', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const { value } = await issue(session, marked(0));
    const answers = [
      () => refusal(403, 'AccessDenied', 'The security token included in the request is invalid.'),
      () => refusal(403, 'ExpiredToken', 'The security token included in the request is expired'),
      () => refusal(400, 'InvalidClientTokenId', 'The security token included in the request is invalid.'),
      () => refusal(403, 'InvalidClientTokenId', 'No such token.'),
      () => new Response('<ErrorResponse><Error><Code>InvalidClientTokenId', { status: 403 }),
    ];
    for (const answer of answers)
      assert.equal((await answered({ session, world }, value, answer)).outcome, 'unknown');
  }));

async function answered(
  { session, world }: Pick<Setup, 'session' | 'world'>,
  value: Secret,
  answer: () => Response,
): ReturnType<Setup['session']['probe']> {
  world.intercept(answer);
  return session.probe(value);
}

it('does not take a list for whole that says that it goes on', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    await issue(session, marked(0));
    const key = {
      UserName: 'robot1',
      AccessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      Status: 'Active',
      CreateDate: '2026-03-02T10:17:30Z',
    };
    const page = (fields: object) => () =>
      asXml(200, {
        ListAccessKeysResponse: { ListAccessKeysResult: { AccessKeyMetadata: { member: key }, ...fields } },
      });
    for (const fields of [
      {},
      { IsTruncated: 'true' },
      { IsTruncated: 'maybe' },
      { IsTruncated: 'true', Marker: 'x' },
    ]) {
      world.intercept(page(fields));
      assertCode(await rejection(session.list()), 'issuer-response-invalid');
    }
  }));
