import * as z from 'zod';
import type { SandboxControl } from './sandbox-file.ts';
import { CliError, EXIT } from './exit.ts';

const ClockAnswer = z.object({ now: z.number() });

/** The clock of a sandbox, over the control paths of its port. Errors: {@link CliError} when it does not answer. */
export function sandboxControl(endpoint: string, fetch: (request: Request) => Promise<Response>): SandboxControl {
  async function ask(path: string, init: RequestInit): Promise<number> {
    const unreachable = 'The sandbox does not answer: start it with `keyturn sandbox`.';
    const response = await fetch(new Request(new URL(path, endpoint), init)).catch((error: unknown) => {
      throw new CliError(EXIT.failed, unreachable, { cause: error });
    });
    const answer = ClockAnswer.safeParse(await response.json().catch(() => undefined));
    if (response.ok && answer.success) return answer.data.now;
    throw new CliError(EXIT.failed, `The sandbox did not do what was asked (status ${response.status}): it may be of another version.`);
  }
  return {
    now: () => ask('/_keyturn/clock', { method: 'GET' }),
    advance: (length) => ask('/_keyturn/advance', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ by: length }) }),
  };
}
