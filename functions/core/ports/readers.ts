import type { Reader } from '../delivery/signs.ts';
import type { Token } from '../token/token.ts';

/** Who reads a secret, as a trail of calls shows it; empty where no trail is watched. */
export interface Readers {
  of(token: Pick<Token, 'id' | 'secretArn'>): Promise<readonly Reader[]>;
}
