import { TAGS } from '../../../functions/core/policy/tags.ts';
import type { SettingsInput } from '../../../lib/infra/settings.ts';

/** A token with every kind of consumer that the stack of these tests delivers to. */
export const TOKEN_TAGS = [
  [TAGS.installation, 'main'],
  [TAGS.issuer, 'gitlab'],
  [TAGS.owner, 'billing'],
  [TAGS.rotateEvery, '2d'],
  [TAGS.minGrace, '1h'],
  [TAGS.maxGrace, '1d'],
  [TAGS.baselinePeriod, '1d'],
  ['keyturn:consumer:ci', 'github:acme/billing:DEPLOY_TOKEN'],
  ['keyturn:consumer:reload', 'webhook:billing-reload'],
  ['keyturn:consumer:api', 'ecs:prod/billing-api'],
  ['keyturn:consumer:app', 'secret:prod/app:GITLAB_TOKEN'],
] as const;

/** What that stack is deployed with. */
export const SETTINGS = {
  sweepInterval: '1h',
  reconcileInterval: '1h',
  detection: { trail: true },
  delivery: {
    kinds: ['github', 'webhook'],
    ecs: [{ secret: 'billing/*', target: 'prod/billing-*' }],
    secret: [{ secret: 'billing/*', target: 'prod/app:*' }],
  },
  leaks: {
    sources: ['com.example.scanner'],
    github: {
      webhookSecret: 'ops/github-webhook',
      tokenSecret: 'ops/github-token',
      apiUrl: 'https://github.acme.test/api/v3',
    },
  },
} satisfies Partial<SettingsInput>;
