import * as z from 'zod';

const Failure = z.object({ errorMessage: z.string() });

export interface Answer {
  readonly payload: unknown;
  /** The sentence of the error, when the function failed. */
  readonly error: string | undefined;
  /** The end of the function's log. */
  readonly log: string;
}

/**
 * Invokes a function and waits. The emulator reads account and Region from the signature's scope and does not
 * check the signature.
 */
export async function invoke(functionName: string, event: unknown): Promise<Answer> {
  const response = await fetch(
    `${process.env['AWS_ENDPOINT_URL']}/2015-03-31/functions/${functionName}/invocations`,
    {
      method: 'POST',
      headers: {
        authorization:
          `AWS4-HMAC-SHA256 Credential=test/20260101/${process.env['AWS_REGION']}/lambda/aws4_request, ` +
          'SignedHeaders=host, Signature=0',
        'x-amz-log-type': 'Tail',
      },
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(60_000),
    },
  );
  if (response.status !== 200) throw new Error(`${functionName} could not be invoked: ${response.status}`);
  const payload: unknown = JSON.parse((await response.text()) || 'null');
  const failed = response.headers.get('x-amz-function-error') !== null;
  const log = Buffer.from(response.headers.get('x-amz-log-result') ?? '', 'base64').toString();
  return { payload, error: failed ? Failure.parse(payload).errorMessage : undefined, log };
}
