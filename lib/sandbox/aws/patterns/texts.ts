/**
 * A double quote may stand at both ends: the matcher compares text with its quotes, so a part at the end
 * takes the closing one along.
 */
const SPECIAL = /[$()*+.?[\\\]^{|}]/g;

function literal(text: string): string {
  return text.replaceAll(SPECIAL, String.raw`\$&`);
}

/**
 * Each character in its lower or its upper case; what UTF-16 needs two units for is taken apart by
 * event-ruler, and each half becomes a question mark.
 */
function anyCase(text: string): string {
  return text
    .split('')
    .map((unit) => {
      if (/[\uD800-\uDFFF]/.test(unit)) return String.raw`\?`;
      const [lower, upper] = [unit.toLowerCase(), unit.toUpperCase()];
      return lower === upper ? literal(lower) : `(?:${literal(lower)}|${literal(upper)})`;
    })
    .join('');
}

/** Quoted text that is this one but for case. */
export function sameButForCase(text: string): RegExp {
  return new RegExp(`^"${anyCase(text)}"$`);
}

export function beginsButForCase(text: string): RegExp {
  return new RegExp(`^"${anyCase(text)}`);
}

export function endsButForCase(text: string): RegExp {
  return new RegExp(`${anyCase(text)}"$`);
}

/**
 * Quoted text in which `*` stands for any text, `\*` for an asterisk and `\\` for a backslash. Errors: Error
 * for two asterisks in a row and for other escapes.
 */
export function wildcard(text: string): RegExp {
  const parts = text.match(/\\[*\\]|\*|[^*\\]+|\\/g) ?? [];
  const source = parts.map((part, index) => {
    if (part === '*' && parts[index + 1] === '*')
      throw new Error('wildcard takes no two asterisks in a row.');
    if (part === '\\')
      throw new Error(String.raw`wildcard takes a backslash before an asterisk or a backslash only.`);
    if (part === '*') return '[^]*';
    return literal(part === String.raw`\*` || part === '\\\\' ? part.slice(1) : part);
  });
  return new RegExp(`^"${source.join('')}"$`);
}
