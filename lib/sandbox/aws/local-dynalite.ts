import dynalite from 'dynalite';
import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';

export interface DynaliteAnswer {
  readonly status: number;
  readonly text: string;
}

/** What dynalite reads of a request. */
class LocalRequest extends EventEmitter {
  readonly method = 'POST';
  readonly url = '/';
  readonly headers: Readonly<Record<string, string>>;

  constructor(headers: Readonly<Record<string, string>>) {
    super();
    this.headers = headers;
  }
}

/** What it does with a response. */
class LocalResponse {
  statusCode = 200;
  readonly #end: (answer: DynaliteAnswer) => void;

  constructor(end: (answer: DynaliteAnswer) => void) {
    this.#end = end;
  }

  setHeader(): void {
    // Nobody reads a header of it.
  }

  end(text: string): void {
    this.#end({ status: this.statusCode, text });
  }
}

/**
 * Makes one dynalite in memory, spoken to by its own request listener: the same protocol, and no socket for
 * each of some ten thousand calls.
 */
export function localDynalite(
  headers: Readonly<Record<string, string>>,
): (operation: string, input: unknown) => Promise<DynaliteAnswer> {
  const server: Server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  return (operation, input) =>
    new Promise((resolve) => {
      const request = new LocalRequest({ ...headers, 'x-amz-target': `DynamoDB_20120810.${operation}` });
      server.emit('request', request, new LocalResponse(resolve));
      request.emit('data', Buffer.from(JSON.stringify(input)));
      request.emit('end');
    });
}
