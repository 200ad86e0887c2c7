import { evidenceFor, pendingConsumerText } from '../../../functions/core/delivery/evidence.ts';
import type { Judgement, Reader, Signs } from '../../../functions/core/delivery/signs.ts';
import { DEFAULT_POLICY, type Policy } from '../../../functions/core/policy/policy.ts';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Consumer, Delivery } from '../../../functions/core/consumers/consumer-state.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

export const NOW = T0 + 24 * HOUR;

export const PROMOTED = T0 + HOUR;

const CURRENT: Credential = {
  id: 'v2',
  versionId: 'v2',
  handle: 'h2',
  origin: 'minted',
  state: 'current',
  issuedAt: T0,
  promotedAt: PROMOTED,
};

const OLD: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'previous',
  supersededAt: PROMOTED,
};

export const PROVEN: Delivery = {
  credentialId: 'v2',
  promotedAt: PROMOTED,
  state: 'proven',
  tries: 0,
  provenAt: T0 + 2 * HOUR,
};

const SILENT: Signs = { issuer: undefined, readers: [] };

export function judge(
  evidence: Policy['evidence'],
  consumers: readonly Consumer[],
  signs: Partial<Signs> = {},
  now = NOW,
): Judgement {
  const token: Token = aToken({
    policy: { ...DEFAULT_POLICY, evidence },
    credentials: [OLD, CURRENT],
    ...(consumers.length > 0 && { consumers }),
  });
  return evidenceFor(token, OLD, { ...SILENT, ...signs }, now);
}

export function said(judgement: Judgement): string {
  return judgement.outcome === 'moved'
    ? `${judgement.evidence.strength}: ` +
        judgement.evidence.grounds.map((one) => `${one.by} ${one.what}`).join('; ')
    : judgement.pendingConsumers.map(pendingConsumerText).join('; ');
}

export const usedAt = (at: number | undefined): Partial<Signs> => ({
  issuer: { listed: true, lastUsedAt: at, every: 10 * MINUTE },
});

export const ECS: Consumer = { name: 'api', kind: 'ecs', target: 'prod/api' };

export const ROLE: Consumer = { name: 'worker', kind: 'role', target: 'worker' };

export const ACK: Consumer = { name: 'team', kind: 'ack', target: 'team-billing' };

export const SERVICE: Consumer = { name: 'app', kind: 'service', target: 'app' };

export const reader = (principal: string, more: Partial<Reader> = {}): Reader => ({
  principal,
  readAt: T0 + 3 * HOUR,
  versionId: 'v2',
  ...more,
});
