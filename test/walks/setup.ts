import type { Setup } from './moves.ts';

/** One secret of GitLab's that a consumer polls, alone in a world where nothing is out of order. */
export const SETUP: Setup = {
  provider: 'gitlab',
  secrets: [{ value: 'by-hand', consumer: 'polls' }],
  pendingLabel: 'at-completion',
  stale: 0,
  reusesIds: false,
  disorder: false,
  neighbor: 'none',
};
