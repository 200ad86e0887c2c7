import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Passwords of Redis' own users: a user may have several, which all work. */
export const descriptor: ProviderDescriptor = {
  id: 'redis',
  title: 'Redis ACL passwords',
  rotates: 'Passwords of users in the ACL of a Redis or Valkey server, which keeps them in an ACL file.',
  slots: { count: 'many', of: ['user'] },
  value: 'keyturn',
  found: 'value',
  valueField: 'password',
  companions: ['username'],
  longestValue: 43,
  // By the hash in the list.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // Redis carries out one command after the other; this leaves room for what stands before it.
  lags: { allowed: MINUTE },
  // A user that is off is refused in the same words as a wrong password.
  check: 'accepted-only',
  concurrency: 2,
  docs: 'https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/',
  admin: {
    example: {
      url: 'rediss://redis.acme.internal:6379',
      username: 'keyturn',
      password: '<password of keyturn>',
      grants: [{ secret: 'shop/redis', user: 'shop' }],
    },
    leastRights:
      'A user with `-@all +acl|getuser +acl|setuser +acl|save +config|get`, and no keys. Whoever may run ' +
      '`ACL SETUSER` can give itself every right.',
    successor: 'by-hand',
    values: 'chosen',
  },
  manualSteps: [
    'Let Redis listen with TLS, and let Keyturn reach it. Addresses without TLS are refused. The setting ' +
      '`caBundleFile` names a certificate authority of your own.',
    'Set `aclfile`, and move all users there. Redis forgets other changes at a restart, and revoked ' +
      'passwords would work again.',
    'Create the user of each secret with its rights. Keyturn changes its passwords alone.',
    'Use each user for one secret. Redis tells nothing of its passwords but their hashes.',
    'Let no user of a grant have `nopass`: Redis then accepts any value, and Keyturn adds none.',
    'Let consumers log in with username and password from the secret, and connect anew when Redis refuses ' +
      'them.',
    'Close old connections of a user yourself after a leak. Redis lets them go on when their password is ' +
      'removed, and could only cut those of the new one as well.',
    'Name one server, not a cluster. Redis copies no users to replicas: after a failover the other node ' +
      'has passwords of its own.',
    'Do not use this for Amazon ElastiCache and MemoryDB. They keep users by an API of AWS, and refuse ' +
      'commands that this needs.',
    'Count on entries in ACL LOG: Redis notes each question about a password that it no longer knows.',
    'Replace passwords that people chose soon. A handle holds a part of a hash, by which guesses can be ' +
      'tried.',
  ],
  evidence: {
    verified: 'the real program: Redis 7.0.15, on 2026-12-01',
    sources: [
      'redis.io, commands: AUTH, ACL GETUSER, ACL SETUSER, ACL SAVE, CONFIG GET; Access Control List',
      'Redis 7.0.15, asked: two passwords at once; one by its hash; users that are off, gone, or without a ' +
        'password; open connections; a replica, which has no user of its master; a restart with and ' +
        'without an ACL file',
      'iana.org, Uniform Resource Identifier (URI) Schemes: rediss',
      'docs.aws.amazon.com: Amazon ElastiCache, Restricted commands, Role-Based Access Control (RBAC); ' +
        'Amazon MemoryDB, Restricted commands',
    ],
    unconfirmed: [
      'Valkey, and versions of Redis other than 7.0: their pages name the same commands.',
      'In which words versions after 7.0 refuse a command: errors then show the status alone.',
    ],
  },
};
