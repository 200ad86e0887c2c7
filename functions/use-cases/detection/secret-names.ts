import { referenceOf } from '../../core/detection/secret-references.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { tokenIdOf } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { HOUR, MINUTE, type Instant } from '../../core/basics/time.ts';

/** A secret enrolled just now is noticed after this at the latest; names of no token cost one look each. */
const STRANGE_FOR = 10 * MINUTE;
/** A name means another token only when its secret was deleted for good and made anew. */
const KNOWN_FOR = HOUR;
const MOST_NAMES = 10_000;
/**
 * Refusals that do not pass by themselves: the secret's own policy denies the look, or its name is none that
 * a secret can have. Whatever else goes wrong is tried again. Source: Secrets Manager API Reference, "Common
 * errors" and "DescribeSecret".
 */
const LASTING: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'ValidationException',
  'ValidationError',
  'InvalidParameterException',
  'InvalidRequestException',
]);

type NamePorts = Pick<Ports, 'secrets' | 'inventory' | 'installation' | 'now' | 'log'>;

/**
 * Which token a caller meant, asked of Secrets Manager itself, since only it knows which secret a name or a
 * partial ARN is. Answers are kept for a while.
 */
export class SecretNames {
  readonly #ports: NamePorts;
  readonly #known = new Map<string, { readonly tokenId: string | undefined; readonly until: Instant }>();

  constructor(ports: NamePorts) {
    this.#ports = ports;
  }

  /**
   * The token's id, or undefined where the secret is none of Keyturn's, or Keyturn may not look at it.
   * Errors: `aws-failed`, for what may pass.
   */
  async tokenIdOf(target: string, calledIn: string): Promise<string | undefined> {
    const key = `${calledIn} ${target}`;
    const known = this.#known.get(key);
    const now = this.#ports.now();
    if (known && known.until > now) return known.tokenId;
    const tokenId = await this.#find(target, calledIn);
    this.#known.delete(key);
    this.#known.set(key, { tokenId, until: now + (tokenId === undefined ? STRANGE_FOR : KNOWN_FOR) });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_NAMES && oldest !== undefined) this.#known.delete(oldest);
    return tokenId;
  }

  async #find(target: string, calledIn: string): Promise<string | undefined> {
    const { installation, inventory } = this.#ports;
    const { tokenId, ask } = referenceOf(target, installation, calledIn);
    if (tokenId !== undefined && (await inventory.load(tokenId))) return tokenId;
    const arn = ask === undefined ? undefined : await this.#arnOf(ask);
    if (arn === undefined) return undefined;
    const asked = tokenIdOf(arn);
    return asked !== tokenId && (await inventory.load(asked)) ? asked : undefined;
  }

  async #arnOf(secretId: string): Promise<string | undefined> {
    try {
      return (await this.#ports.secrets.describe(secretId)).arn;
    } catch (error) {
      if (error instanceof KeyturnError && error.code === 'not-found') return undefined;
      const code = lastingIn(error);
      if (code === undefined) throw error;
      this.#ports.log.warn(
        'Keyturn may not look at a secret that an event names, so it is taken for none of ours',
        { secret: secretId.slice(0, 200), code },
      );
      return undefined;
    }
  }
}

/** The code of a refusal that will be the same next time. */
function lastingIn(error: unknown): string | undefined {
  const code = error instanceof KeyturnError && error.cause instanceof Error ? error.cause.name : undefined;
  return code !== undefined && LASTING.has(code) ? code : undefined;
}
