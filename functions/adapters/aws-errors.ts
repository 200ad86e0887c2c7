import { KeyturnError } from '../core/basics/errors.ts';

interface AwsFacts {
  readonly code: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /** How often the SDK sent the request. */
  readonly attempts: number;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function factsOf(error: unknown): AwsFacts {
  const metadata = property(error, '$metadata');
  const status = property(metadata, 'httpStatusCode');
  const requestId = property(metadata, 'requestId');
  const attempts = property(metadata, 'attempts');
  const code = [property(error, 'name'), property(error, 'code')].filter((name) => typeof name === 'string');
  return {
    code: code.find((name) => name !== 'Error') ?? 'Unknown',
    status: typeof status === 'number' ? status : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    attempts: typeof attempts === 'number' ? attempts : 1,
  };
}

/** Whether an AWS error has one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(factsOf(error).code);
}

/**
 * True when it is unknown whether the call took effect. It was never answered, the service failed, or a
 * repetition met the first try.
 */
export function isAmbiguous(error: unknown): boolean {
  const { status, attempts } = factsOf(error);
  return status === undefined || status >= 500 || attempts > 1;
}

/**
 * What is kept of an AWS error: operation, code, status and request id. Its message is not: services echo
 * refused parameters there, and the SDK quotes answers that it could not parse.
 */
export function awsFailure(operation: string, error: unknown): KeyturnError {
  const { code, status, requestId } = factsOf(error);
  const cause = new Error(
    `${operation}: ${code} (status ${status ?? 'none'}, request ${requestId ?? 'none'})`,
  );
  cause.name = code;
  return new KeyturnError('aws-failed', `AWS did not do ${operation}: ${code}.`, { cause });
}

/** Runs one AWS operation; whatever it throws comes back as `aws-failed`. */
export async function aws<T>(operation: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw awsFailure(operation, error);
  }
}
