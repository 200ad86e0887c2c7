import { sendgrid } from '../../functions/providers/sendgrid/index.ts';
import { sendgridSimulator } from '../../lib/sandbox/issuers/sendgrid.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { contractOf } from './contract-of.ts';

defineProviderContract({
  ...contractOf(sendgrid, {
    accountFields: ['subuser'],
    made: { id: 'api_key_id', value: 'api_key' },
    isUndated: true,
    mayCall: ({ path, text }, account) =>
      path === '/v3/scopes' ||
      (path.startsWith('/v3/api_keys') && text.includes(`on-behalf-of: ${account.split('/').at(-1)}`)),
  }),
  name: 'sendgrid against its simulator',
  createIssuer: (clock) => sendgridSimulator({ clock }),
});
