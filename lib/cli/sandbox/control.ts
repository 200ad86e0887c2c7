import * as z from 'zod';
import { parseJson } from '../../../functions/core/basics/json.ts';
import { formatDuration, type Instant, type Millis } from '../../../functions/core/basics/time.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import { exchange } from './exchange.ts';

/** Its state is a line. */
const MOST_BYTES = 1024 * 1024;

const State = z.object({
  now: z.iso.datetime().transform((text) => Date.parse(text)),
  installation: z.string(),
});

/** What can be made of an issuer of a sandbox; `none` ends it. */
export const SANDBOX_FAULTS = ['unavailable', 'throttled', 'none'] as const;
export type SandboxFault = (typeof SANDBOX_FAULTS)[number];

export interface SandboxState {
  readonly now: Instant;
  /** The installation that runs in it. */
  readonly installation: string;
}

/** What another process may ask of a running sandbox. Errors: CliError when it does not answer. */
export interface SandboxControl {
  state(): Promise<SandboxState>;
  /** Moves its clock, and resolves when all that is due by then has happened. */
  advance(length: Millis): Promise<SandboxState>;
  /** Lets secrets have credentials at an issuer. */
  grant(issuer: string, secrets: readonly string[]): Promise<SandboxState>;
  /** Makes an issuer fail, or work again. */
  fault(issuer: string, kind: SandboxFault): Promise<SandboxState>;
}

/** The control paths of a sandbox's port. */
export function sandboxControl(endpoint: string): SandboxControl {
  async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<SandboxState> {
    const url = new URL(`/_keyturn/${path}`, endpoint);
    const question = { method, body: body && JSON.stringify(body) };
    const { status, text } = await exchange(url, question, MOST_BYTES).catch((error: unknown) => {
      throw new CliError(
        EXIT.failed,
        `The sandbox at ${endpoint} does not answer: start it with \`keyturn sandbox\`.`,
        { cause: error },
      );
    });
    const answer = State.safeParse(parseJson(text));
    if (status === 200 && answer.success) return answer.data;
    throw new CliError(
      EXIT.failed,
      `The sandbox at ${endpoint} did not do what was asked (status ${status}): \`keyturn ` +
        `help sandbox\` shows what it can do.`,
    );
  }
  return {
    state: () => ask('GET', 'state'),
    advance: (length) => ask('POST', 'advance', { by: formatDuration(length) }),
    grant: (issuer, secrets) => ask('POST', 'grant', { issuer, secrets }),
    fault: (issuer, kind) => ask('POST', 'fault', { issuer, kind }),
  };
}
