import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Passwords of RabbitMQ's own users. A user has one password, and a second one ends the first at once: two
 * users serve in turn.
 */
export const descriptor: ProviderDescriptor = {
  id: 'rabbitmq',
  title: 'RabbitMQ users',
  rotates: 'Users of the internal backend with their passwords, two in turn, over the HTTP API.',
  slots: { names: ['first user', 'second user'], of: ['grant'], filledBy: [] },
  value: 'keyturn',
  found: 'value',
  valueField: 'password',
  companions: ['username'],
  longestValue: 64,
  // By the hashes in the list of users.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  lags: { allowed: MINUTE },
  check: 'free',
  concurrency: 2,
  docs: 'https://www.rabbitmq.com/docs/http-api-reference',
  admin: {
    example: {
      url: 'https://rabbitmq.acme.internal:15671',
      username: 'keyturn',
      password: '<password of keyturn>',
      grants: [
        {
          secret: 'shop/rabbitmq',
          users: ['shop-a', 'shop-b'],
          tags: [],
          permissions: [{ vhost: '/', configure: '^$', write: '^orders$', read: '^orders$' }],
        },
      ],
    },
    leastRights:
      'A user with the tag `administrator` and no permissions in virtual hosts: no other user may create ' +
      'users.',
    successor: 'by-hand',
    values: 'chosen',
  },
  manualSteps: [
    'Enable the management plugin with TLS, and let Keyturn reach it.',
    'Choose two names of users for each secret. Keyturn creates them in turn and deletes them again: use ' +
      'them for nothing else.',
    'If consumers have a user already, make its name one of the two, and store its username and password ' +
      'in the secret. Keyturn deletes that user once consumers have moved to the other one.',
    'Leave the other name free. Keyturn overwrites no user that it did not make.',
    'Write tags and permissions into the grant as consumers need them. A new user has no topic permissions ' +
      'and no limits.',
    'Let consumers take username and password from the secret. Nothing else in it may name the user.',
    'Let queues outlive a connection. Deleting a user closes its connections, and an exclusive queue ends ' +
      'with its connection.',
  ],
  evidence: {
    verified: 'the real program: RabbitMQ 3.10.8, on 2026-11-29',
    sources: [
      'rabbitmq.com, HTTP API Reference: users, permissions, whoami',
      'rabbitmq.com, Credentials and Passwords: how the hash of a password is computed',
      'rabbitmq/rabbitmq-server 085cc457: rabbit_web_dispatch_access_control.erl, the refusals',
      'RabbitMQ 3.10.8, asked: a second password refuses the first at once; an unknown user is refused ' +
        'like a wrong password; a user without tags is told from both.',
    ],
    unconfirmed: [
      'How long a new or deleted user takes in a cluster: RabbitMQ names no time.',
      'Whether open connections of a deleted user are closed in every version: its source does so.',
    ],
  },
};
