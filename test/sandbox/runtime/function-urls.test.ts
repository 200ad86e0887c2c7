import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Invocation } from '../../../lib/sandbox/aws/types.ts';
import { functionUrls } from '../../../lib/sandbox/runtime/function-urls.ts';
import { urlHostOf } from '../../../lib/sandbox/runtime/physical.ts';
import { Template } from '../../../lib/sandbox/runtime/template.ts';

const ARN = 'arn:aws:lambda:eu-central-1:111122223333:function:hook';
const BOTH = [
  { Action: 'lambda:InvokeFunctionUrl', FunctionName: ARN, Principal: '*', FunctionUrlAuthType: 'NONE' },
  { Action: 'lambda:InvokeFunction', FunctionName: ARN, Principal: '*', InvokedViaFunctionUrl: true },
];

function serving(
  permissions: object[],
  answer: Invocation,
  AuthType = 'NONE',
): { ask: (request: RequestInit, path?: string) => Promise<Response>; events: unknown[] } {
  const Resources = Object.fromEntries(
    permissions.map((Properties, index) => [
      `Permission${index}`,
      { Type: 'AWS::Lambda::Permission', Properties },
    ]),
  );
  const template = new Template(
    {
      Resources: {
        ...Resources,
        Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: ARN, AuthType } },
      },
    },
    { account: '111122223333', region: 'eu-central-1', stackName: 's', queueUrl: (name) => name },
  );
  const events: unknown[] = [];
  const urls = functionUrls(template, 'eu-central-1', async (arn, event) => {
    assert.equal(arn, ARN);
    events.push(event);
    return answer;
  });
  const host = urlHostOf(ARN, 'eu-central-1');
  assert.equal(
    template.resources.find((one) => one.type === 'AWS::Lambda::Url')?.attributes['FunctionUrl'],
    `https://${host}/`,
  );
  return {
    events,
    ask: (request, path = '/') =>
      urls.get(host)?.(new Request(`https://${host}${path}`, request)) ??
      Promise.reject(new Error('no host')),
  };
}

test('a request becomes an event of format 2.0, and the answer of the function a response', async () => {
  const { ask, events } = serving(BOTH, {
    payload: { statusCode: 202, headers: { 'x-told': 'yes' }, body: 'taken' },
  });
  const response = await ask(
    {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'X-GitHub-Event': 'ping' },
    },
    '/hook?b=2',
  );
  assert.deepEqual(
    [response.status, response.headers.get('x-told'), await response.text()],
    [202, 'yes', 'taken'],
  );
  const event = Object(events[0]);
  assert.deepEqual(
    [
      event.version,
      event.rawPath,
      event.rawQueryString,
      event.body,
      event.isBase64Encoded,
      event.headers['x-github-event'],
      event.requestContext.http.method,
    ],
    ['2.0', '/hook', 'b=2', '{"a":1}', false, 'ping', 'POST'],
  );
  await ask({
    method: 'POST',
    body: new Uint8Array([0, 255]),
    headers: { 'content-type': 'application/octet-stream' },
  });
  assert.deepEqual([Object(events[1]).body, Object(events[1]).isBase64Encoded], ['AP8=', true]);
});

test('a public URL needs both permissions', async () => {
  for (const permissions of [
    [],
    BOTH.slice(0, 1),
    BOTH.slice(1),
    BOTH.map((one) => ({ ...one, Principal: '111122223333' })),
  ]) {
    const { ask, events } = serving(permissions, { payload: {} });
    assert.equal((await ask({})).status, 403);
    assert.deepEqual(events, []);
  }
});

test('a function that fails, what is too large, and an authorization it does not know', async () => {
  assert.equal(
    (await serving(BOTH, { functionError: 'Unhandled', errorMessage: 'secret' }).ask({})).status,
    502,
  );
  assert.equal(
    (await serving(BOTH, { payload: {} }).ask({ method: 'POST', body: 'x'.repeat(6 * 1024 * 1024 + 1) }))
      .status,
    413,
  );
  assert.throws(
    () => serving(BOTH, { payload: {} }, 'AWS_IAM'),
    /does not know function URLs with the authorization AWS_IAM/,
  );
});
