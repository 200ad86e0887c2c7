import { tokenIdOf } from '../basics/names.ts';

/**
 * What a caller's text may mean: certainly this token's id, or something that Secrets Manager has to be asked
 * about.
 */
export interface Reference {
  /**
   * The id, if the text is a whole ARN. A secret whose own name ends like an ARN may be meant instead, by its
   * partial ARN.
   */
  readonly tokenId: string | undefined;
  /**
   * What to ask Secrets Manager about, if no token has the id; undefined when the secret is certainly none of
   * this account.
   */
  readonly ask: string | undefined;
}

const ARN = /^arn:[a-z-]+:secretsmanager:([a-z0-9-]+):(\d{12}):secret:(.+)$/;
const WHOLE = /-[A-Za-z0-9]{6}$/;

/**
 * Reads a secret's name as callers write it: a name, an ARN, or an ARN without its last six characters
 * (Secrets Manager API Reference, "GetSecretValue"). A replica's ARN differs in its Region only. A bare name
 * said in another Region may be another secret's, so it matches none.
 */
export function referenceOf(
  target: string,
  at: { account: string; region: string },
  calledIn: string,
): Reference {
  const arn = ARN.exec(target);
  if (!arn)
    return {
      tokenId: undefined,
      ask: target.startsWith('arn:') || calledIn !== at.region ? undefined : target,
    };
  if (arn[2] !== at.account) return { tokenId: undefined, ask: undefined };
  return {
    tokenId: WHOLE.test(target) ? tokenIdOf(target) : undefined,
    ask: arn[1] === at.region ? target : undefined,
  };
}
