/** No issuer's credential is shorter. */
export const SHORTEST = 12;
/** No issuer's credential is longer; a signed token of many claims is the longest. */
export const LONGEST = 8_192;

/** A credential is printable ASCII without blanks, quotes or angle brackets: these always end it. */
const WORD = /[!#-&(-;=?-_a-~]+/g;
/**
 * The alphabets in which issuers write: identifiers, those and full stops, Base64, Base64 for URLs, and what
 * URLs leave as it is.
 */
const ALPHABETS = [
  /[\w-]+/g,
  /[\w.-]+/g,
  /[A-Za-z0-9+/]+={0,2}/g,
  /[\w-]+={0,2}/g,
  /[\w.~-]+/g,
  /[\w.~+/-]+={0,2}/g,
  /[A-Za-z0-9]+/g,
];
const QUOTED = /"([^"]+)"|'([^']+)'|`([^`]+)`|“([^”]+)”|‘([^’]+)’|«([^»]+)»|„([^“]+)“/g;
/** So many neighbouring parts of a word are put together: a signed token has three. */
const MOST_PARTS = 6;

type Splitting = (line: string, patterns: readonly RegExp[]) => Iterable<string>;

/**
 * Ways to split one line into parts that may be a credential, the likeliest first. Each part is trimmed and
 * of a length that a credential has.
 */
export const SPLITTINGS: readonly Splitting[] = [
  (line, patterns) =>
    fitting(
      patterns.flatMap((pattern) =>
        [...line.matchAll(new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`))].map(
          ([match]) => match,
        ),
      ),
    ),
  (line) => fitting(runsIn(line).filter(isMixed)),
  (line) => fitting([line, ...quotedIn(line), valueIn(line), ...wordsIn(line), ...runsIn(line)]),
  (line) => fitting(wordsIn(line).flatMap(neighboursIn)),
];

function wordsIn(line: string): string[] {
  return [...line.matchAll(WORD)].map(([word]) => word);
}

function runsIn(line: string): string[] {
  return wordsIn(line).flatMap((word) =>
    ALPHABETS.flatMap((alphabet) =>
      [...word.matchAll(alphabet)].flatMap(([run]) => [run, ...trimmings(run)]),
    ),
  );
}

function quotedIn(line: string): string[] {
  return [...line.matchAll(QUOTED)].map((match) => match.slice(1).find((one) => one !== undefined) ?? '');
}

/** What stands behind the first sign of an assignment, blanks included. */
function valueIn(line: string): string {
  return /[=:]\s*(.*?)[;,]?\s*$/.exec(line)?.[1] ?? '';
}

/** What is made at random has letters and digits. */
function isMixed(run: string): boolean {
  return /\d/.test(run) && /[A-Za-z]/.test(run);
}

/**
 * Punctuation at the ends belongs to the sentence or to the markup around it, one letter after a dash to the
 * command line.
 */
function trimmings(run: string): string[] {
  const inner = run.replace(/^[^A-Za-z0-9]+/, '');
  return [
    inner,
    run.replace(/^-[A-Za-z]/, ''),
    run.replace(/^([_~*-]{1,2})(.*)\1$/, '$2'),
    run.replace(/[_~*]$/, ''),
    run.replace(/[_~*]{2}$/, ''),
    run.replace(/[^A-Za-z0-9]+$/, ''),
    inner.replace(/[^A-Za-z0-9]+$/, ''),
    inner.replace(/[^A-Za-z0-9=]+$/, ''),
  ];
}

/**
 * Every run of up to {@link MOST_PARTS} neighbouring parts of a word, with and without the padding of Base64.
 */
function neighboursIn(word: string): string[] {
  const parts = [...word.matchAll(/[\w-]+/g)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
  return parts.flatMap(({ from }, place) =>
    parts
      .slice(place, place + MOST_PARTS)
      .flatMap(({ to }) => [
        word.slice(from, to),
        word.slice(from, to + (/^={1,2}/.exec(word.slice(to, to + 2))?.[0] ?? '').length),
      ]),
  );
}

function fitting(parts: readonly string[]): string[] {
  return parts.map((part) => part.trim()).filter((part) => part.length >= SHORTEST && part.length <= LONGEST);
}
