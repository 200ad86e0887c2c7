import { noPermits } from '../../../functions/core/revocation/permits.ts';

export const EMPTY = noPermits('prod/billing/ci-AbC123');
