import { Secret } from '../basics/secret.ts';

/** Shorter values stand in many a text by chance. */
const SHORTEST = 8;

/**
 * Whether a value stands in a text as it is, or as texts carry one: with percent signs (RFC 3986, section
 * 2.1), escaped in JSON (RFC 8259, section 7), or inside of Base64 (RFC 4648, sections 4 and 5).
 */
export function standsIn(text: Secret, value: Secret): boolean {
  const bare = value.reveal();
  if (bare.length < SHORTEST) return text.contains(value);
  return [bare, encodeURIComponent(bare), JSON.stringify(bare).slice(1, -1), ...inBase64(bare)].some((form) =>
    text.contains(new Secret(form)),
  );
}

/**
 * What is the same of its Base64 whatever stands before and after it: three bytes are four digits, so that
 * there are three ways, and the digits at its ends belong to its neighbours too.
 */
function inBase64(bare: string): string[] {
  const bytes = Buffer.from(bare);
  const standard = [0, 1, 2].map((before) => {
    const start = before === 0 ? 0 : before + 1;
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    return Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(start, end);
  });
  return standard.flatMap((digits) => [digits, digits.replaceAll('+', '-').replaceAll('/', '_')]);
}
