import { Duplex } from 'node:stream';
import * as z from 'zod';

type Reply = string | number | null | readonly Reply[] | { readonly error: string };

const Reply: z.ZodType<Reply> = z.lazy(() =>
  z.union([z.string(), z.number(), z.null(), z.array(Reply), z.strictObject({ error: z.string() })]),
);
const Answer = z.object({ replies: z.array(Reply) });

/**
 * A connection to a Redis of the sandbox, as a function opens one. The simulator takes requests, as all
 * issuers do: each piece that is written, once the password is known, becomes one with the commands in it.
 */
export class RedisSocket extends Duplex {
  readonly #url: string;
  readonly #send: (request: Request) => Promise<Response>;
  #login = '';

  constructor(url: string, send: (request: Request) => Promise<Response>) {
    super();
    this.#url = url;
    this.#send = send;
  }

  override _read(): void {}

  override _write(piece: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    void this.#answer(commandsIn(piece)).then(
      (text) => {
        this.push(text);
        done();
      },
      (error: unknown) => done(error instanceof Error ? error : new Error('failed')),
    );
  }

  async #answer(commands: readonly (readonly string[])[]): Promise<string> {
    const [[name, user = '', password = ''] = []] = commands;
    const isLogin = name === 'AUTH';
    if (isLogin) this.#login = Buffer.from(`${user}:${password}`).toString('base64');
    const answer = await this.#send(
      new Request(this.#url, {
        method: 'POST',
        headers: { authorization: `Basic ${this.#login}`, 'user-agent': 'keyturn/sandbox' },
        body: JSON.stringify(isLogin ? [] : commands),
      }),
    );
    const { replies } = Answer.parse(await answer.json());
    return isLogin && replies.length === 0 ? '+OK\r\n' : replies.map(textOf).join('');
  }
}

/** Arrays of bulk strings, whole. */
function commandsIn(piece: Buffer): string[][] {
  const commands: string[][] = [];
  let at = 0;
  const number = (): number => {
    const end = piece.indexOf('\r\n', at);
    const found = Number(piece.toString('utf8', at + 1, end));
    at = end + 2;
    return found;
  };
  while (at < piece.length)
    commands.push(
      Array.from({ length: number() }, () => {
        const start = number() + at;
        const text = piece.toString('utf8', at, start);
        at = start + 2;
        return text;
      }),
    );
  return commands;
}

function textOf(reply: Reply): string {
  if (reply === null) return '$-1\r\n';
  if (typeof reply === 'string') return `$${Buffer.byteLength(reply)}\r\n${reply}\r\n`;
  if (typeof reply === 'number') return `:${reply}\r\n`;
  return 'error' in reply ? `-${reply.error}\r\n` : `*${reply.length}\r\n${reply.map(textOf).join('')}`;
}
