import type { FindingKind } from '../../../functions/core/findings/findings.ts';
import type { Millis } from '../../../functions/core/basics/time.ts';
import type { IssuerKnobs } from '../../../lib/sandbox/issuers/knobs.ts';
import type { World } from '../../world/world.ts';
import type { Dice } from '../dice.ts';
import type { Resident } from '../town.ts';

/** What people do in a soak, as its report counts it. */
export const DEEDS = [
  'grantTaken',
  'secretDeleted',
  'rotationSwitchedOff',
  'currentRevoked',
  'valuePut',
  'labelMoved',
  'valueCopied',
  'gatewayPut',
  'listChanged',
  'asked',
  'leaked',
] as const;
export type DeedKind = (typeof DEEDS)[number];

/** How often each was done. */
export type DeedCounts = Readonly<Record<DeedKind, number>>;

/** What a person did to one secret, and how it is put right. */
export interface Deed {
  readonly arn: string;
  /** What was done, in words that go on after the name of the secret. */
  readonly what: string;
  /** The kinds of finding of which one has to tell of it, as long as it stands. */
  readonly toldBy: readonly FindingKind[];
  /** How long Keyturn may take until it tells. */
  readonly within: Millis;
  /** Whether what was done still stands, by Secrets Manager, the issuer and the record. */
  readonly stands: () => Promise<boolean>;
  /** What an operator does about it; again and again, as long as it stands. */
  readonly mend: () => Promise<void>;
}

/** What a deed is done with. */
export interface Scene {
  readonly world: World;
  readonly knobs: IssuerKnobs;
  readonly dice: Dice;
}

/** A deed that is to be put right; or whether something was done that nobody has to put right. */
export type Outcome = Deed | boolean;
/** Does something to a secret. False where it is not possible now. */
export type Doing = (one: Resident, scene: Scene) => Promise<Outcome>;
