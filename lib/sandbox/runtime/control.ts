import * as z from 'zod';
import { formatInstant, parseDuration } from '../../../functions/core/basics/time.ts';
import { ISSUER_FAULTS } from '../issuers/faults.ts';
import type { Sandbox } from './api.ts';

const Duration = z.string().transform((text, context) => {
  const length = parseDuration(text);
  if (length !== undefined) return length;
  context.addIssue(`${JSON.stringify(text)} is no duration: write 30s, 15m, 12h or 90d`);
  return z.NEVER;
});
const Advance = z.strictObject({ by: Duration });
const Grant = z.strictObject({ issuer: z.string(), secrets: z.array(z.string()).min(1) });
const Fault = z.strictObject({ issuer: z.string(), kind: z.enum(ISSUER_FAULTS) });

type Handle = (sandbox: Sandbox, body: unknown, url: URL) => Promise<unknown>;

const ROUTES: ReadonlyMap<string, Handle> = new Map<string, Handle>([
  [
    'POST /_keyturn/advance',
    async (sandbox, body) => {
      await sandbox.advance(Advance.parse(body).by);
      return stateOf(sandbox);
    },
  ],
  [
    'POST /_keyturn/grant',
    async (sandbox, body) => {
      const { issuer, secrets } = Grant.parse(body);
      await sandbox.grant(issuer, secrets);
      return stateOf(sandbox);
    },
  ],
  [
    'POST /_keyturn/fault',
    async (sandbox, body) => {
      const { issuer, kind } = Fault.parse(body);
      if (!sandbox.issuers.some((one) => one.provider === issuer))
        throw new Error(`There is no issuer ${issuer} in this sandbox.`);
      sandbox.faults.set(issuer, kind);
      return stateOf(sandbox);
    },
  ],
  ['GET /_keyturn/state', async (sandbox) => stateOf(sandbox)],
  [
    'GET /_keyturn/log',
    async ({ aws, runs }, _body, url) => {
      const last = Number(url.searchParams.get('last') ?? 200);
      return { calls: aws.log.slice(-last), runs: runs.slice(-last) };
    },
  ],
]);

/** What a command in another process may ask of a running sandbox; undefined for what it does not know. */
export async function answerControl(sandbox: Sandbox, request: Request): Promise<Response | undefined> {
  const url = new URL(request.url);
  const handle = ROUTES.get(`${request.method} ${url.pathname}`);
  if (!handle) return undefined;
  try {
    const text = await request.text();
    return Response.json(await handle(sandbox, text === '' ? {} : JSON.parse(text), url));
  } catch (error) {
    const message =
      error instanceof z.ZodError
        ? z.prettifyError(error)
        : error instanceof Error
          ? error.message
          : 'The sandbox failed.';
    return Response.json({ message }, { status: 400 });
  }
}

function stateOf({ clock, installation, functions, runs, mails, pages, issuers }: Sandbox): object {
  return {
    now: formatInstant(clock.now()),
    installation,
    functions,
    runs: runs.length,
    failedRuns: runs.filter((run) => run.error !== undefined).length,
    mails: mails.map(({ at, to, subject, file }) => ({ at: formatInstant(at), to, subject, file })),
    pages: pages.map(({ at, ...page }) => ({ at: formatInstant(at), ...page })),
    issuers: issuers.map(({ provider, host }) => ({ issuer: provider, host })),
  };
}
