import { rabbitmq } from '../../functions/providers/rabbitmq/index.ts';
import { SECOND } from '../../functions/core/basics/time.ts';
import type { ProviderContract } from '../contracts/provider.ts';
import { OTHER_SECRET } from '../contracts/setup.ts';

/** What the contract has to know of RabbitMQ, simulated or real. */
export const RABBITMQ: Omit<ProviderContract, 'name' | 'createIssuer'> = {
  provider: rabbitmq,
  hostField: 'url',
  accountFields: ['users'],
  isUndated: true,
  createsBy: 'PUT',
  adminCredentials: (admin) => [admin['password']],
  malformed: [
    {
      field: 'password',
      breakIt: (admin, canary) => {
        admin['password'] = { value: canary };
      },
    },
    {
      field: 'username',
      breakIt: (admin, canary) => {
        admin['username'] = `${canary}:x`;
      },
    },
    {
      field: 'grants[0].users[1]',
      breakIt: (admin, canary) => {
        admin['grants'][0].users[1] = `../${canary}`;
      },
    },
    {
      field: 'grants[0].users',
      breakIt: (admin) => {
        admin['grants'][0].users = [admin['grants'][0].users[0]];
      },
    },
    {
      field: 'grants[0].users',
      breakIt: (admin) => {
        admin['grants'][0].users[1] = admin['grants'][0].users[0];
      },
    },
    {
      field: 'grants[0].users',
      breakIt: (admin) => {
        admin['grants'][0].users[1] = admin['username'];
      },
    },
    {
      field: 'grants[0].secret',
      breakIt: (admin) => {
        admin['grants'][0].secret += '*';
      },
    },
    {
      field: 'grants[0].permissions',
      breakIt: (admin) => {
        admin['grants'][0].permissions = [];
      },
    },
    {
      field: 'grants[1].users',
      of: OTHER_SECRET,
      breakIt: (admin) => {
        admin['grants'][1].users[0] = admin['grants'][0].users[1];
      },
    },
  ],
  mayCall({ path }, account) {
    const users = (/\/users\/(.*)$/.exec(account)?.[1] ?? '').split('+');
    return (
      path === '/api/whoami' ||
      path === '/api/users' ||
      users.some((name) => path === `/api/users/${name}` || path === `/api/permissions/%2F/${name}`)
    );
  },
  throttled: (wait) =>
    new Response('{}', { status: 429, headers: { 'retry-after': String(Math.ceil(wait / SECOND)) } }),
};
