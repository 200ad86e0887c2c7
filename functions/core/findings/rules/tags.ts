import type { FindingRule } from './rule.ts';

/** What can be wrong with the tags of a token without keeping it from being rotated. */
export const TAG_RULES = {
  'tag-invalid': {
    title: 'A tag of Keyturn is wrong',
    impact:
      'It has no effect. The token is rotated by the last policy that can be kept. A consumer tag that ' +
      'cannot be read keeps old credentials.',
    action: 'Correct the tag that the sentence names, or remove it.',
    runbook: 'runbook-tag-invalid',
  },
  'policy-unkeepable': {
    title: 'The policy cannot be kept',
    impact:
      'The token is rotated by the last policy that can be kept. If the grant gives too few days, it ' +
      'may expire before it is replaced.',
    action: 'Change the length that the sentence names, in the tags, the settings or the grant.',
    runbook: 'runbook-policy-unkeepable',
  },
} as const satisfies Record<string, FindingRule>;
