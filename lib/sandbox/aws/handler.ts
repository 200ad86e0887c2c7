import { answer } from './wire.ts';
import type { CallRequest, Principal } from './types.ts';

interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

interface SdkResponse {
  readonly response: { statusCode: number; headers: Record<string, string>; body: Uint8Array };
}

/** What an SDK client takes as its `requestHandler`: it answers in this process, without a socket. */
export interface InProcessHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: SdkRequest): Promise<SdkResponse>;
  destroy(): void;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
}

/** The path with what is asked behind it, as it goes over a socket. */
function pathOf({ path, query = {} }: SdkRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value ?? ''].flat().map((one): [string, string] => [name, one]),
  );
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs).toString()}`;
}

export function inProcessHandler(
  principal: Principal,
  call: (request: CallRequest) => Promise<unknown>,
  uuid: () => string,
): InProcessHandler {
  return {
    metadata: { handlerProtocol: 'in-process' },
    async handle(request) {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const answered = await answer(
        { method: request.method, path: pathOf(request), headers, body: textOf(request.body) },
        principal,
        call,
        uuid(),
      );
      return {
        response: {
          statusCode: answered.status,
          headers: answered.headers,
          body: Buffer.from(answered.body),
        },
      };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}
