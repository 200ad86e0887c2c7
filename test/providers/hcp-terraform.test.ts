import { hcpTerraform } from '../../functions/providers/hcp-terraform/index.ts';
import { hcpTerraformSimulator } from '../../lib/sandbox/issuers/hcp-terraform.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { contractOf } from './contract-of.ts';

defineProviderContract({
  ...contractOf(hcpTerraform, {
    accountFields: ['organization', 'team'],
    made: { id: 'data.id', value: 'data.attributes.token' },
    mayCall: ({ path }, account) =>
      [
        '/api/v2/account/details',
        `/api/v2/${account.slice(account.indexOf('/') + 1)}/authentication-tokens`,
        '/api/v2/organizations/acme/team-tokens?',
        '/api/v2/authentication-tokens/at-',
      ].some((start) => path.startsWith(start)),
  }),
  name: 'hcp-terraform against its simulator',
  createIssuer: (clock) => hcpTerraformSimulator({ clock }),
});
