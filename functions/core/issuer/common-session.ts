import type { Secret } from '../basics/secret.ts';
import type { Probe, Reach } from './answers.ts';

/** What stands beside a value in its secret: the companions of its provider that are there. Not secret. */
export type Beside = Readonly<Record<string, string>>;

/** What every session has, whatever its issuer can do. */
export interface CommonSession {
  /**
   * Host, base path and resource of the credentials in one text, not secret; two values of one token must
   * share it.
   */
  readonly account: string;
  readonly reach: Reach;
  /** What a new credential will be allowed to do, where the grant says it. */
  readonly scopes?: readonly string[];
  /** The longest life of a new credential, in days, where the grant says one. */
  readonly maxDays?: number;
  /**
   * Whether the issuer accepts this value. Uses the value alone, never the admin credential; where the
   * descriptor's check is `none`, the issuer's list alone, which never says that a value is refused; and
   * where a paired account refuses its values for other reasons too, its own word that it is active. Does not
   * throw for an issuer that is down. `beside`: the companions in the text that holds the value, where one of
   * them says under which name it is to be asked about.
   */
  probe(value: Secret, beside?: Beside): Promise<Probe>;
}
