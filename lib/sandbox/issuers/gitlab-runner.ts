import * as z from 'zod';
import { OneSlotSimulator, type OneSlotOptions, type OneSlotRules, type SlotCall } from './one-slot.ts';
import type { Issuer } from './simulator.ts';

const RUNNERS = '/api/v4/runners';
const JOBS = '/api/v4/jobs/request';
const WithToken = z.object({ token: z.string() });

const RULES: OneSlotRules = {
  provider: 'gitlab-runner',
  host: 'gitlab-runner.keyturn.test',
  account: (index) => `runners/${5_000 + index}`,
  adminToken: 'glpat-admin-of-the-runners',
  grant: (account) => ({ runner: numberOf(account) }),
  value: (random) => `glrt-${random(20)}`,
  presented: (request, body) =>
    request.headers.get('private-token') ?? WithToken.safeParse(body).data?.token ?? undefined,
  use: (host, token) =>
    new Request(`https://${host}${JOBS}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    }),
  answer,
};

/**
 * GitLab as far as authentication tokens of runners go. Source: gitlabhq/gitlabhq, lib/api/ci/runner.rb and
 * lib/api/ci/runners.rb; docs.gitlab.com, "Runners API".
 */
export function gitlabRunnerSimulator(options: OneSlotOptions): Issuer {
  return new OneSlotSimulator(RULES, options);
}

function answer(call: SlotCall): Response {
  const { method, path } = call;
  if (method === 'POST' && path === `${RUNNERS}/verify`) return verify(call);
  if (method === 'POST' && path === JOBS)
    return typeof call.caller === 'object' ? new Response(null, { status: 204 }) : forbidden();
  const [, id, isReset] = /^\/api\/v4\/runners\/(\d+)(\/reset_authentication_token)?$/.exec(path) ?? [];
  if (id === undefined) return Response.json({ error: '404 Not Found' }, { status: 404 });
  if (call.caller !== 'admin') return Response.json({ message: '401 Unauthorized' }, { status: 401 });
  const account = `runners/${id}`;
  if (!call.has(account)) return Response.json({ message: '404 Runner Not Found' }, { status: 404 });
  if (method === 'GET' && isReset === undefined)
    return Response.json({ id: Number(id), runner_type: 'project_type', paused: false, status: 'online' });
  if (method !== 'POST' || isReset === undefined)
    return Response.json({ error: '405 Not Allowed' }, { status: 405 });
  return Response.json({ token: call.replace(account).value, token_expires_at: null }, { status: 201 });
}

function verify(call: SlotCall): Response {
  if (typeof call.caller !== 'object') return forbidden();
  const { of: account } = call.caller;
  const token = call.current(account)?.value;
  return Response.json({ id: numberOf(account), token, token_expires_at: null });
}

function forbidden(): Response {
  return Response.json({ message: '403 Forbidden' }, { status: 403 });
}

function numberOf(account: string): number {
  return Number(account.slice('runners/'.length));
}
