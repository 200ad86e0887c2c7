import type { SafeReason } from '../safe-reasons.ts';
import type { Verdict } from '../verdicts.ts';
import { FileReply, NoReplies, Refusal } from './schema.ts';

const RUN = 'Redis 7.0.15, asked';

/** What Redis says of a user with a password. It refuses one that is off, or gone, in the same words. */
export function userVerdicts(name: string): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: NoReplies.transform(() => ({})),
      source: `redis.io, "AUTH"; ${RUN}`,
    },
    {
      outcome: 'unknown',
      status: 401,
      body: Refusal.transform(
        () =>
          `Redis refuses the user ${name} with this password: it is none of its own, or the user is off or ` +
          'gone.',
      ),
      source: `redis.io, "AUTH"; ${RUN}`,
    },
  ];
}

/** What it says of the user of the admin secret, who asks for the ACL file. */
export const ADMIN_VERDICTS: readonly Verdict[] = [
  {
    outcome: 'active',
    status: 200,
    body: FileReply.refine(({ replies: [file] }) => file !== '').transform(() => ({})),
    source: `redis.io, "CONFIG GET"; ${RUN}`,
  },
  {
    outcome: 'unknown',
    status: 200,
    body: FileReply.transform(
      () =>
        'Redis accepts the user of the admin secret, but has no ACL file: a restart would bring revoked ' +
        'passwords back. Set aclfile in its configuration.',
    ),
    source: `redis.io, "ACL"; ${RUN}`,
  },
  {
    outcome: 'unknown',
    status: 401,
    body: Refusal.transform(
      () =>
        'Redis refuses the user of the admin secret: the password is not its own, or the user is off ' +
        'or gone.',
    ),
    source: `redis.io, "AUTH"; ${RUN}`,
  },
];

/** Redis' own reasons that people may read. */
export const SAFE_REASONS: readonly SafeReason[] = [
  {
    status: 403,
    pattern: /has no permissions to run the '(?:acl|config)(?:\|[a-z]+)?' command/,
    source: RUN,
  },
  {
    status: 400,
    pattern: /This Redis instance is not configured to use an ACL file/,
    says: 'it has no ACL file, so a restart undoes what was changed: set aclfile in its configuration',
    source: RUN,
  },
  {
    status: 400,
    pattern: /There was an error trying to save the ACLs/,
    says: 'it could not write its ACL file, so a restart undoes what was changed: see its log',
    source: 'redis.io, "ACL SAVE"',
  },
];
