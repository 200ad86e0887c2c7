import type { PolicyInput } from '../../../functions/core/policy/policy-input.ts';
import { CONSUMER_TAG, TAGS } from '../../../functions/core/policy/tags.ts';
import { tagsOfPolicy } from '../../../functions/core/policy/write-tags.ts';
import { DAY, type Millis } from '../../../functions/core/basics/time.ts';
import type { Safety } from './safeties.ts';

/** Not much longer than Keyturn's line between a warning and a critical finding, which is seven days. */
export const GROUP_ENDS_AFTER = 7 * DAY;

/** One token of the story. */
export interface Member {
  readonly secret: string;
  readonly provider: string;
  readonly owner: string;
  readonly purpose: string;
  readonly policy: PolicyInput;
  /** Who is brought its new values: `kind:target` by name. */
  readonly consumers?: Readonly<Record<string, string>>;
  /**
   * What its secret holds at first: nothing, a credential made by hand, or one that ends after so long. One
   * in use is Keyturn's own, and becomes a token in an act.
   */
  readonly begins: 'empty' | 'by-hand' | 'in-use' | { readonly endsAfter: Millis };
  /** The same in words. */
  readonly beginning: string;
}

export const DEPLOY = 'billing/gitlab-deploy';
export const CLIENT = 'checkout/okta-client';
export const PUBLISH = 'ci/npm-publish';
export const GROUP = 'platform/gitlab-group';

/** The token that the README registers first. It is granted wherever people may try that. */
export const FIRST_TOKEN = 'billing/gitlab-read';

/** The usual cast. */
function usual(rotateEvery: string): Member[] {
  return [
    {
      secret: DEPLOY,
      provider: 'gitlab',
      owner: 'team-billing',
      purpose: 'deploys the billing service',
      begins: 'by-hand',
      beginning: 'made by hand long ago',
      policy: { rotateEvery, minGrace: '15m', unusedFor: '30m' },
    },
    {
      secret: CLIENT,
      provider: 'okta',
      owner: 'team-checkout',
      purpose: 'signs the checkout in',
      begins: 'by-hand',
      beginning: 'made with the application',
      policy: { rotateEvery, minGrace: '15m', cacheTtl: '1h' },
    },
    {
      secret: PUBLISH,
      provider: 'npm-registry',
      owner: 'team-tools',
      purpose: 'publishes packages from CI',
      begins: 'empty',
      beginning: 'an empty secret: Keyturn is to make the first token',
      policy: { rotateEvery, minGrace: '15m', cacheTtl: '5m' },
    },
    {
      secret: GROUP,
      provider: 'gitlab',
      owner: 'team-platform',
      purpose: 'reads the projects of a group',
      begins: { endsAfter: GROUP_ENDS_AFTER },
      beginning: 'made by hand, and it ends within the week',
      policy: { rotateEvery, minGrace: '15m', cacheTtl: '15m', unusedFor: '30m' },
    },
  ];
}

/**
 * The tokens; `without` takes a safety out of every policy by the owner's own tags, the only way there is.
 */
export function castOf(
  script: { readonly rotateEvery: string; readonly usual: readonly string[] },
  episodes: readonly { readonly members: readonly Member[] }[],
  without: Safety | undefined,
): readonly Member[] {
  const members = [
    ...usual(script.rotateEvery).filter(({ secret }) => script.usual.includes(secret)),
    ...episodes.flatMap((episode) => episode.members),
  ];
  return members.map((member) => ({ ...member, policy: { ...member.policy, ...lessened(without) } }));
}

function lessened(without: Safety | undefined): PolicyInput {
  switch (without) {
    case 'grace':
      return { minGrace: '0s', cacheTtl: '0s' };
    case 'evidence':
      return { evidence: 'time' };
    case undefined:
      return {};
  }
}

/** The tags that register a token. */
export function tagsOf(member: Member, installation: string): [string, string][] {
  return [
    [TAGS.installation, installation],
    [TAGS.issuer, member.provider],
    [TAGS.owner, member.owner],
    [TAGS.purpose, member.purpose],
    ...tagsOfPolicy(member.policy),
    ...Object.entries(member.consumers ?? {}).map(([name, text]): [string, string] => [
      `${CONSUMER_TAG}${name}`,
      text,
    ]),
  ];
}
