import type { Safety } from './safeties.ts';

/** What `npm start` was asked for. */
export interface Choice {
  readonly all: boolean;
  readonly once: boolean;
  readonly verbose: boolean;
  readonly json: boolean;
  readonly folder: string | undefined;
  readonly port: number | undefined;
  readonly without: Safety | undefined;
}
