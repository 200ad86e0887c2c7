/** Why a text is not taken for a value. */
export interface Wrapping {
  /** What it looks like, in words that follow on "it looks like". */
  readonly looksLike: string;
  /** Whether it is sure that a credential of the provider stands in it. */
  readonly holdsToken: boolean;
}

/**
 * A credential that can be sent as a bearer token: RFC 6750, section 2.1, b64token. Quotes, braces, blanks,
 * colons and assignments are no part of it.
 */
const ONE_WORD = /^[A-Za-z0-9._~+/-]+=*$/;
/**
 * What may stand beside a match without being a wrapping: issuers put prefixes before their own, and add
 * parts at the end.
 */
const TOKEN_WORD = /^[\w.-]+$/;

/**
 * What a text looks like, unless it is a value and nothing else. Where the provider's pattern fits a part of
 * it, the whole has to be that part or one word around it; else it has to be one word as bearer tokens are.
 * `isField` says that the text is a JSON string, so that a number in it is text.
 */
export function wrappingOf(
  text: string,
  rule: { readonly pattern: RegExp | undefined; readonly isField: boolean },
): Wrapping | undefined {
  const holdsToken = rule.pattern?.test(text) ?? false;
  if (!holdsToken && rule.pattern?.test(decoded(text))) return { looksLike: 'base64', holdsToken: true };
  const isValue = holdsToken
    ? timesIn(text, rule.pattern) === 1 && (TOKEN_WORD.test(text) || isWhole(text, rule.pattern))
    : isOneWord(text, rule.isField);
  return isValue ? undefined : { looksLike: lookOf(text), holdsToken };
}

/** What a text says as base64 (RFC 4648), either alphabet. */
function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}

/** Some issuers' own values have signs that no word has, such as a colon. */
function isWhole(text: string, pattern: RegExp | undefined): boolean {
  return pattern?.exec(text)?.[0] === text;
}

function timesIn(text: string, pattern: RegExp | undefined): number {
  return pattern
    ? [...text.matchAll(new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`))].length
    : 0;
}

function isOneWord(text: string, isField: boolean): boolean {
  if (!ONE_WORD.test(text) || /^(true|false|null)$/.test(text)) return false;
  if (text.endsWith('=') && !isPadded(text)) return false;
  return isField || !NUMBER.test(text);
}

/** The name of a variable: short, or in capitals with an underscore, which base64 does not have. */
const NAME_ALONE = /^([A-Za-z_]\w{0,17}|[A-Z][A-Z\d]*_[A-Z\d_]*)=+$/;

/**
 * Base64 has up to two signs at its end, which make its length a multiple of four (RFC 4648, section 4);
 * `GITLAB_TOKEN=` is the beginning of an assignment.
 */
function isPadded(text: string): boolean {
  return text.length % 4 === 0 && !text.endsWith('===') && !NAME_ALONE.test(text);
}

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

const LOOKS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN /, 'a PEM block'],
  [/[\r\n\u2028\u2029]/, 'several lines, such as an env file or YAML'],
  [/^"[^]*"$/, 'a JSON string, in its quotes'],
  [/^\[/, 'a JSON array'],
  [/^\{/, 'a JSON object'],
  [/^['"`]|['"`]$/, 'text in quotes'],
  [NUMBER, 'a JSON number'],
  [/^(true|false|null)$/, 'a JSON literal'],
  [/^(export|set|setx|setenv|declare|local|\$env:\w*)\s/i, 'a line of a shell script, like export KEY=value'],
  [/^(authorization|proxy-authorization|[\w-]+-token|x-[\w-]+)\s*:/i, 'a line of an HTTP header'],
  [/^(bearer|basic|token|digest|negotiate)\s/i, 'the value of an HTTP header, like Bearer value'],
  [/^[a-z][a-z\d+.-]*:\/\//i, 'a URL'],
  [/^[^\s=]+\s*=/, 'an assignment, like KEY=value'],
  [/^[\w.-]+:\s/, 'YAML, like key: value'],
  [/^[\w.-]+:/, 'a name and a value with a colon'],
  [/\s/, 'several words'],
];

function lookOf(text: string): string {
  return (
    LOOKS.find(([pattern]) => pattern.test(text))?.[1] ?? 'text with characters that a token does not have'
  );
}
