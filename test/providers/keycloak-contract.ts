import { keycloak } from '../../functions/providers/keycloak/index.ts';
import type { OneSlotContract } from '../contracts/provider-one-slot.ts';

/** What the contract has to know of Keycloak, simulated or real. */
export const KEYCLOAK: Omit<OneSlotContract, 'createIssuer'> = {
  provider: keycloak,
  hostField: 'url',
  accountFields: ['clientId'],
  isCreation: ({ method, url }) => method === 'POST' && new URL(url).pathname.endsWith('/client-secret'),
  adminCredentials: (admin) => [String(admin['clientSecret'])],
};
