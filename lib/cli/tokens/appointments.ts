import { credentialOf } from '../../../functions/core/token/lookups.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { Appointment } from '../output/views.ts';
import { CAUSES } from '../output/words.ts';

/** What Keyturn will do, as it stands under "What comes next". */
export function appointmentText(one: Appointment, token: Token): string {
  const credential = credentialOf(token, one.about ?? '');
  const name = credential?.handle ?? one.about ?? '';
  switch (one.kind) {
    case 'rotate':
      return `rotate (${Object.entries(CAUSES).find(([cause]) => cause === one.about)?.[1] ?? 'due'})`;
    case 'settle':
      return `record how the rotation ${one.about ?? ''} ended, or abort it`;
    case 'retire':
      return credential?.revokedAt === undefined
        ? `decide whether the old credential ${name} may be revoked`
        : `verify that the revoked credential ${name} is rejected`;
    case 'rollback':
      return 'finish the rollback';
    case 'deliver':
      return `deliver the current credential to the consumer ${one.about ?? ''}, or check that it arrived`;
    case 'inspect':
      return 'compare the record with Secrets Manager and the issuer';
    default:
      return 'publish what happened';
  }
}
