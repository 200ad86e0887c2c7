import { AwsError, notImplemented } from './errors.ts';
import { routed } from './rest-routes.ts';
import { readForm, writeError, writeResult } from './query.ts';
import type { CallRequest, Principal } from './types.ts';

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** `X-Amz-Target` prefixes of the JSON protocols. */
const TARGETS: ReadonlyMap<string, string> = new Map([
  ['secretsmanager', 'secretsmanager'],
  ['TrentService', 'kms'],
  ['AWSEvents', 'events'],
  ['AmazonSQS', 'sqs'],
  ['DynamoDB_20120810', 'dynamodb'],
  ['GraniteServiceVersion20100801', 'monitoring'],
]);

/** The access key id and the service of a SigV4 `Authorization` header. */
export function credentialOf(
  headers: Readonly<Record<string, string>>,
): { accessKeyId: string; service: string } | undefined {
  const [, accessKeyId, service] =
    /Credential=([^/,\s]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(headers['authorization'] ?? '') ?? [];
  return accessKeyId === undefined || service === undefined ? undefined : { accessKeyId, service };
}

/** Errors: the service's name for a body that is no JSON. */
function inputIn(body: string, code = 'SerializationException'): unknown {
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch {
    throw new AwsError(code, 'The body of the request is not JSON.');
  }
}

interface Parsed {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly protocol: 'json' | 'query' | 'rest' | 'invoke';
}

function parse(request: WireRequest): Parsed {
  const service = credentialOf(request.headers)?.service ?? '';
  const target = request.headers['x-amz-target'];
  if (target !== undefined) {
    // CloudTrail's prefix has dots of its own.
    const [, prefix = '', operation = ''] = /^(.*)\.([^.]*)$/.exec(target) ?? [];
    return {
      service: TARGETS.get(prefix) ?? service,
      operation,
      input: inputIn(request.body),
      protocol: 'json',
    };
  }
  const invoked = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(request.path)?.[1];
  if (service === 'lambda' && invoked !== undefined) {
    const Payload = inputIn(request.body, 'InvalidRequestContentException');
    const InvocationType = request.headers['x-amz-invocation-type'];
    return {
      service,
      operation: 'Invoke',
      input: { FunctionName: decodeURIComponent(invoked), InvocationType, Payload },
      protocol: 'invoke',
    };
  }
  const asked = routed(service, request.method, request.path);
  if (asked) return { service, ...asked, protocol: 'rest' };
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true)
    return { service, ...readForm(request.body), protocol: 'query' };
  throw notImplemented(`${service}:${request.method} ${request.path}`);
}

function field(output: unknown, name: string): unknown {
  return typeof output === 'object' && output !== null ? Reflect.get(output, name) : undefined;
}

function success(parsed: Parsed, output: unknown, requestId: string): WireResponse {
  const headers = { 'x-amzn-requestid': requestId };
  if (parsed.protocol === 'query')
    return {
      status: 200,
      headers: { ...headers, 'content-type': 'text/xml' },
      body: writeResult(parsed.operation, output, requestId),
    };
  if (parsed.protocol === 'rest')
    return {
      status: 200,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(output ?? {}),
    };
  if (parsed.protocol === 'json')
    return {
      status: 200,
      headers: { ...headers, 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify(output ?? {}),
    };
  const failed = field(output, 'FunctionError');
  return {
    status: Number(field(output, 'StatusCode') ?? 200),
    headers: { ...headers, ...(typeof failed === 'string' && { 'x-amz-function-error': failed }) },
    body: JSON.stringify(field(output, 'Payload') ?? null),
  };
}

function failure(protocol: Parsed['protocol'], error: AwsError, requestId: string): WireResponse {
  const headers = { 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.code };
  if (protocol === 'query')
    return {
      status: error.status,
      headers: { 'x-amzn-requestid': requestId, 'content-type': 'text/xml' },
      body: writeError(error.code, error.message, requestId),
    };
  const compatible =
    error.queryCode === undefined ? {} : { 'x-amzn-query-error': `${error.queryCode};Sender` };
  const body = { ...error.fields, __type: error.code, message: error.message };
  return {
    status: error.status,
    headers: { ...headers, ...compatible, 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  };
}

/** Answers one HTTP request of an SDK client, whatever carried it. */
export async function answer(
  request: WireRequest,
  principal: Principal,
  call: (request: CallRequest) => Promise<unknown>,
  requestId: string,
): Promise<WireResponse> {
  let protocol: Parsed['protocol'] = 'json';
  try {
    const parsed = parse(request);
    protocol = parsed.protocol;
    return success(
      parsed,
      await call({ service: parsed.service, operation: parsed.operation, input: parsed.input, principal }),
      requestId,
    );
  } catch (error) {
    if (error instanceof AwsError) return failure(protocol, error, requestId);
    return failure(protocol, new AwsError('InternalFailure', 'The sandbox failed.', 500), requestId);
  }
}
