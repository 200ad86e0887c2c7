import type { Kept } from './minting-rules.ts';

/** Since 1970. */
export function seconds({ createdAt }: Kept): number {
  return Math.floor(createdAt / 1_000);
}

/** In the words of api.openai.com: the first eight and the last four characters of what was sent. */
export function refused(headers: Headers): Response {
  const key = (headers.get('authorization') ?? '').replace(/^Bearer /, '');
  const masked = key.slice(0, 8) + '*'.repeat(Math.max(1, key.length - 12)) + key.slice(-4);
  const message =
    `Incorrect API key provided: ${masked}. You can find your API key at ` +
    'https://platform.openai.com/account/api-keys.';
  return failed(401, message, 'invalid_api_key');
}

export function failed(status: number, message: string, code: string | null = null): Response {
  return Response.json({ error: { message, type: 'invalid_request_error', param: null, code } }, { status });
}
