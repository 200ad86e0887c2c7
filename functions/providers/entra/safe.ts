import type { SafeReason } from '../safe-reasons.ts';

const STS = 'learn.microsoft.com, "Microsoft Entra authentication and authorization error codes"';
const POLICY = 'OfficeDev/microsoft-365-agents-toolkit, packages/fx-core, aadErrorCode';

/** By the codes in the answers: the words are longer, and hold ids of the request. */
export const SAFE: readonly SafeReason[] = [
  {
    status: 401,
    pattern: /"error_codes":\[7000215\]/,
    says: 'it does not know the client secret',
    source: STS,
  },
  { status: 401, pattern: /"error_codes":\[7000222\]/, says: 'the client secret has expired', source: STS },
  {
    status: 400,
    pattern: /"error_codes":\[700016\]/,
    says: 'the tenant knows no such application',
    source: STS,
  },
  { status: 400, pattern: /"error_codes":\[90002\]/, says: 'there is no such tenant', source: STS },
  {
    status: 400,
    pattern: /"CredentialInvalidLifetimeAsPerAppPolicy"/,
    says: 'a policy of the tenant allows no client secret that lives so long: lower maxDays in the grant',
    source: POLICY,
  },
  {
    status: 400,
    pattern: /"CredentialTypeNotAllowedAsPerAppPolicy"/,
    says: 'a policy of the tenant allows this application no new client secret',
    source: POLICY,
  },
];
