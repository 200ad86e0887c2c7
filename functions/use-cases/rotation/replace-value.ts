import type { ReplacingSession } from '../../core/issuer/provider.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Payload } from '../../core/secret-text/secret-text.ts';
import type { Step } from './step.ts';

/** What the next value is made from, where its creation ends the one before. */
export interface Replacing {
  readonly record: Loaded;
  readonly session: ReplacingSession;
  readonly previous: Payload;
}

/**
 * Makes such a value and stores it. It asks the revocation guard, which looks at other tokens, so that
 * whoever takes a step brings it along.
 */
export type ReplaceValue = (step: Step, made: Replacing, ports: Ports) => Promise<void>;
