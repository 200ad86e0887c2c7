import type { SafeReason } from '../safe-reasons.ts';

const SOURCE = 'openbao/openbao df6ce2ce, internal/builtin/credential/approle/path_role.go';

/** Vault's own words for what stands against a creation, or a list. */
export const REASONS: readonly SafeReason[] = [
  {
    status: 400,
    pattern: /ttl cannot be longer than the role's secret_id_ttl/,
    says: 'the role allows no such long life: raise its secret_id_ttl, or lower maxDays of the grant',
    source: SOURCE,
  },
  {
    status: 400,
    pattern: /num_uses cannot be higher than the role's secret_id_num_uses/,
    says: 'its secret IDs end after some uses: set secret_id_num_uses of the role to 0',
    source: SOURCE,
  },
  { status: 400, pattern: /bind_secret_id is not set on the role/, source: SOURCE },
  ...[400, 404].map((status) => ({
    status,
    pattern: /role \\"[\w.-]{1,100}\\" does not exist/,
    says: 'the role does not exist',
    source: SOURCE,
  })),
];
