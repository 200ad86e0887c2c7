import type { Instant } from '../../../functions/core/basics/time.ts';
import { iso } from './forms.ts';

/** A key of the simulated organization. */
export interface Key {
  readonly id: string;
  readonly value: string;
  /** The secret that it was created for. */
  readonly secret: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | undefined;
  status: 'active' | 'inactive' | 'archived';
  endedAt: Instant | undefined;
}

/** A refusal as the API makes it. */
export function failed(status: number, type: string, message: string): Response {
  return Response.json({ type: 'error', error: { type, message } }, { status });
}

/** What a key may ask: nothing of other keys. */
export function answerOwn(pathname: string, organization: string): Response {
  const headers = { 'anthropic-organization-id': organization };
  if (pathname === '/v1/models') {
    const model = { id: 'claude-opus-4-1', type: 'model', display_name: 'Claude Opus 4.1' };
    return Response.json({ data: [model], has_more: false }, { headers });
  }
  // What consumers use models with: not asked by Keyturn.
  if (pathname === '/v1/messages') return Response.json({ type: 'message' }, { headers });
  return failed(403, 'permission_error', 'Your API key does not have permission to use the resource.');
}

/** A key as an admin key sees it: of its value the ends alone. */
export function shown(key: Key, now: Instant): Record<string, unknown> {
  const isExpired = key.status !== 'archived' && now >= (key.expiresAt ?? Infinity);
  return {
    id: key.id,
    type: 'api_key',
    name: 'Key',
    status: isExpired ? 'expired' : key.status,
    created_at: iso(key.createdAt),
    created_by: { id: 'user_01', type: 'user' },
    partial_key_hint: `${key.value.slice(0, 16)}...${key.value.slice(-4)}`,
    expires_at: key.expiresAt === undefined ? null : iso(key.expiresAt),
    workspace_id: null,
  };
}
