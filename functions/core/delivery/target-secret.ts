/** Target secrets: of no token, with values of many in one JSON. A value is delivered into one field. */
import { KeyturnError } from '../basics/errors.ts';
import { requestTokenOf } from '../basics/names.ts';
import { readPath, textOfTag } from '../policy/value-notation.ts';

/** Where in which target secret a value goes. */
export interface TargetField {
  readonly name: string;
  readonly path: readonly string[];
}

/**
 * What a consumer of the kind `secret` names as its target: the name, a colon and the field, which is written
 * as in the tag `keyturn:field`. Error: `delivery-invalid`.
 */
export function targetFieldOf(target: string): TargetField {
  const colon = target.indexOf(':');
  const path = readPath(textOfTag(target.slice(colon + 1)));
  if ('fault' in path)
    throw new KeyturnError(
      'delivery-invalid',
      `The target ${target} of the consumer is wrong: ${path.fault}.`,
    );
  return { name: target.slice(0, colon), path: path.read };
}

/** What Secrets Manager tells of a secret beside its value. */
export interface TargetFacts {
  readonly name: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly rotationEnabled: boolean;
  readonly deletedAt?: number;
  readonly primaryRegion?: string;
  readonly owningService?: string;
  readonly externalType?: string;
}

const OWN = 'keyturn/';
const OWN_TAGS = 'keyturn:';
const ANOTHER = 'correct the target of the consumer';

/**
 * Why nothing may be put into a secret, in words that follow on its name: somebody else writes it, or nobody
 * reads it any more. Undefined where a value may be put in.
 */
export function refusalOf(secret: TargetFacts): string | undefined {
  if (secret.name.startsWith(OWN)) return `belongs to Keyturn itself: ${ANOTHER}`;
  if ([...secret.tags.keys()].some((tag) => tag.startsWith(OWN_TAGS)))
    return `has tags of Keyturn, as the secret of a token has: ${ANOTHER}, or remove the tags`;
  if (secret.deletedAt !== undefined) return `is scheduled for deletion: restore it, or ${ANOTHER}`;
  if (secret.rotationEnabled)
    return `is rotated, and a rotation would overwrite the value: switch its rotation off, or ${ANOTHER}`;
  const manager = secret.owningService ?? secret.externalType;
  if (manager !== undefined) return `is managed by ${manager}, which alone writes it: ${ANOTHER}`;
  if (secret.primaryRegion !== undefined)
    return `is a replica of one in ${secret.primaryRegion}: declare the consumer in an installation there`;
  return undefined;
}

/**
 * The id of the version that a delivery makes of another version. A retry finds its own by it, and what is
 * made of another version is another.
 */
export function deliveredVersionOf(parcelId: string, madeFrom: string): string {
  return requestTokenOf(parcelId, `secret\n${madeFrom}`);
}
