import type { Minted } from '../../core/issuer/provider.ts';
import { DAY, FURTHEST_WEST, type Instant } from '../../core/basics/time.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { noValueOf } from '../places.ts';
import { canonicalScopes, sameScopes } from '../scopes.ts';
import type { GitlabApi, NewToken } from './api.ts';
import { listedCredentialOf, descriptionOf, nameOf } from './credential.ts';
import { AccessToken, MadeToken, type Grant } from './schema.ts';

export interface MintRequest {
  readonly marker: string;
  readonly expiresAt: Instant | undefined;
  readonly now: Instant;
}

export async function mint(
  api: GitlabApi,
  account: string,
  grant: Grant,
  request: MintRequest,
): Promise<Minted> {
  const asked = {
    name: request.marker,
    description: descriptionOf(request.marker),
    scopes: canonicalScopes(grant.scopes),
    expires_at: expiryDate(grant, request),
    ...(grant.accessLevel !== undefined && { access_level: grant.accessLevel }),
  };
  return mintedFrom(await api.create(asked), account, asked);
}

/** First what must not be lost, leniently; then the rest, whose faults are told and never thrown. */
function mintedFrom(answer: HttpAnswer, account: string, asked: NewToken): Minted {
  const { id, token } = answer.json(MadeToken);
  const handle = `${account}/${id}`;
  const made = answer.read(AccessToken);
  const differs = [
    token === undefined ? 'no value' : undefined,
    made ? differenceOf(asked, made) : 'fields that are not as documented',
  ].find((one) => one !== undefined);
  const { createdAt, expiresAt, scopes } = made ? listedCredentialOf(account, made) : {};
  return {
    handle,
    value: token ?? noValueOf(handle),
    ...(differs !== undefined && { differs }),
    ...(createdAt !== undefined && { createdAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(scopes && { scopes }),
  };
}

/**
 * The date at whose beginning the token ends: never after the instant asked for, but tomorrow at least. The
 * longest life of a grant is often that of the instance, which counts it from today's date in its own zone
 * (GitLab, app/models/personal_access_token.rb: `Date.current`): the date that is today everywhere stands for
 * it.
 */
function expiryDate(grant: Grant, { expiresAt, now }: MintRequest): string {
  const longest = now - FURTHEST_WEST + grant.maxDays * DAY;
  const latest = Math.min(expiresAt ?? Infinity, longest);
  return new Date(Math.max(latest, now + DAY)).toISOString().slice(0, 10);
}

function differenceOf(asked: NewToken, made: AccessToken): string | undefined {
  if (nameOf(made) !== asked.name) return 'another name';
  if (!sameScopes(canonicalScopes(made.scopes), asked.scopes)) return 'other scopes';
  if (made.expires_at === null || made.expires_at > Date.parse(asked.expires_at)) return 'a later expiry';
  if (!made.active || made.revoked) return 'a state that is not active';
  return asked.access_level === undefined || made.access_level === asked.access_level
    ? undefined
    : 'another access level';
}
