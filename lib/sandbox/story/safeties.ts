/** What can be taken out of the owner's policy, to see what it is good for. */
export const SAFETIES = ['grace', 'evidence'] as const;
export type Safety = (typeof SAFETIES)[number];
