import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Attempt } from '../../core/token/attempt.ts';
import { attemptOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import type { Registered } from './enroll.ts';

export interface RotationEvent {
  readonly step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';
  readonly secretArn: string;
  /** The ClientRequestToken: id of the version under rotation, and of the attempt. */
  readonly requestToken: string;
  readonly rotationToken?: Secret | undefined;
}

/** One invocation of one step. */
export interface Step extends Registered {
  readonly event: RotationEvent;
  readonly tokenId: string;
  /** Names this invocation in the attempt's lease. */
  readonly owner: string;
}

export function attemptIn(token: Token, step: Step): Attempt {
  const attempt = attemptOf(token, step.event.requestToken);
  if (attempt) return attempt;
  throw new KeyturnError(
    'rotation-aborted',
    `The rotation ${step.event.requestToken} of ${step.secret.name} has no attempt on record.`,
  );
}
