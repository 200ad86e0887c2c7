import { KeyturnError } from '../../core/basics/errors.ts';
import { tokenIdOf } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { foreignPlace, withUpstreamReports } from '../../core/rotation/upstreams.ts';
import { currentOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import type { Upstream } from '../../core/token/upstream.ts';
import { change } from '../inventory/store.ts';

/**
 * Notes what became of the token that has to be rotated before this one. Nothing that is noted can do more
 * than let this one go earlier, or hold it until its end comes near.
 */
export async function lookUpstream(record: Loaded, ports: Ports): Promise<Loaded> {
  const { rotateAfter: after } = record.token.policy;
  if (after === undefined)
    return record.token.upstream === undefined
      ? record
      : change(record, ports, (token) => ({ ...token, upstream: undefined }));
  const upstream = await upstreamOf(after, record.token, ports);
  return change(record, ports, (token) => ({ ...token, upstream }));
}

async function upstreamOf(name: string, follower: Token, ports: Ports): Promise<Upstream> {
  const place = foreignPlace(name, ports.installation);
  if (place !== undefined) return withUpstreamReports(name, await ports.inventory.heard(place), ports.now());
  const seen = { name, seenAt: ports.now() };
  const found = await tokenNamed(name, ports);
  if (typeof found === 'string') return { ...seen, trouble: found };
  if (await isBehind(found, follower, ports))
    return { ...seen, trouble: `${name} waits for this token in turn: correct the policy of one of them.` };
  const current = currentOf(found);
  return {
    ...seen,
    rotatedAt: current?.origin === 'minted' ? current.promotedAt : undefined,
    trouble: troubleOf(found),
  };
}

/** Chains from development to production are shorter. */
const LONGEST_CHAIN = 8;

/**
 * Whether a token waits for another one, itself or through those that it follows here: neither would ever
 * start.
 */
async function isBehind(found: Token, other: Token, ports: Ports): Promise<boolean> {
  let one = found;
  for (let step = 0; step < LONGEST_CHAIN; step++) {
    if (one.id === other.id) return true;
    const { rotateAfter: after } = one.policy;
    if (after === undefined || foreignPlace(after, ports.installation) !== undefined) return false;
    const next = await tokenNamed(after, ports);
    if (typeof next === 'string') return false;
    one = next;
  }
  return false;
}

/** The token of a secret, or why there is none. */
async function tokenNamed(name: string, ports: Ports): Promise<Token | string> {
  try {
    const { arn } = await ports.secrets.describe(name);
    const token = (await ports.inventory.load(tokenIdOf(arn)))?.token;
    return token && token.detachedAt === undefined
      ? token
      : `${name} is not looked after by this installation.`;
  } catch (error) {
    if (error instanceof KeyturnError && error.code === 'not-found') return `There is no secret ${name}.`;
    throw error;
  }
}

function troubleOf(token: Token): string | undefined {
  if (token.unusable !== undefined) return token.unusable;
  if (token.failures > 0) return token.lastError?.message ?? 'Its last rotation failed.';
  return token.findings.find((one) => one.state === 'open' && one.severity === 'critical')?.detail;
}
