import { redis } from '../../functions/providers/redis/index.ts';
import { SECOND } from '../../functions/core/basics/time.ts';
import type { ProviderContract } from '../contracts/provider.ts';
import { OTHER_SECRET } from '../contracts/setup.ts';

/** What the contract has to know of Redis, simulated or real. */
export const REDIS: Omit<ProviderContract, 'name' | 'createIssuer'> = {
  provider: redis,
  hostField: 'url',
  scheme: 'rediss',
  accountFields: ['user'],
  isUndated: true,
  // It is refused in the same words as a user that is off.
  refusalIsUnknown: true,
  does: (body) => {
    if (body.includes('"#')) return 'creates';
    return body.includes('"!') || body.includes('"SAVE"') ? 'ends' : 'reads';
  },
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
      field: 'grants[0].user',
      breakIt: (admin, canary) => {
        admin['grants'][0].user = `../${canary}`;
      },
    },
    {
      field: 'grants[0].user',
      breakIt: (admin) => {
        admin['grants'][0].user = admin['username'];
      },
    },
    {
      field: 'grants[0].secret',
      breakIt: (admin) => {
        admin['grants'][0].secret += '*';
      },
    },
    {
      field: 'grants[0].formerly',
      breakIt: (admin) => {
        admin['grants'][0].formerly = [{ user: admin['username'] }];
      },
    },
    {
      field: 'grants[1].user',
      of: OTHER_SECRET,
      breakIt: (admin) => {
        admin['grants'][1].user = admin['grants'][0].user;
      },
    },
  ],
  mayCall: ({ path, text }, account) => {
    const user = account.split('/').at(-1) ?? '';
    if (path === '/auth') return text.endsWith('[]\n[]') && text.includes(`\n${user}:`);
    return path === `/users/${user}` && !/"SETUSER"|"GETUSER"/.test(text.replaceAll(`USER","${user}"`, ''));
  },
  throttled: (wait) =>
    new Response('{}', { status: 429, headers: { 'retry-after': String(Math.ceil(wait / SECOND)) } }),
};
