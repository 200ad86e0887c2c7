/**
 * IP addresses as EventBridge's matcher compares them: 8 hexadecimal digits for IPv4, 32 for IPv6
 * (event-ruler, "CIDR"). An IPv6 address that carries an IPv4 one is the IPv4 one.
 */
const V4 = /^\d+\.\d+\.\d+\.\d+$/;
const V6 = /^[\da-f:]*:[\da-f:]*$/i;

function hex(value: number, length: number): string {
  return value.toString(16).toUpperCase().padStart(length, '0');
}

function v4(text: string): string | undefined {
  const parts = text.split('.').map(Number);
  return text.length <= 15 && parts.every((part) => part <= 255)
    ? parts.map((part) => hex(part, 2)).join('')
    : undefined;
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((part) => (part === '' ? NaN : Number.parseInt(part, 16)));
}

function v6(text: string): string | undefined {
  const halves = text.split('::');
  const [head, tail] = [groups(halves[0] ?? ''), groups(halves[1] ?? '')];
  const missing = 8 - head.length - tail.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  if (all.some((part) => !(part <= 0xffff))) return undefined;
  const digits = all.map((part) => hex(part, 4)).join('');
  return digits.startsWith('00000000000000000000FFFF') ? digits.slice(24) : digits;
}

/** Undefined for what is no address. */
export function addressOf(text: string): string | undefined {
  if (V4.test(text)) return v4(text);
  return V6.test(text) ? v6(text) : undefined;
}

/** A block of addresses, both ends included. */
export interface Block {
  readonly bottom: string;
  readonly top: string;
}

/** Errors: Error that says what is wrong with the text. */
export function blockOf(cidr: string): Block {
  const [address = '', mask = '', ...more] = cidr.replace(/\/+$/, '').split('/');
  if (more.length > 0 || !/^[+-]?\d+$/.test(mask))
    throw new Error('cidr takes an address, a slash and a number of bits, such as 10.0.0.0/24.');
  const digits = addressOf(address);
  if (digits === undefined) throw new Error('cidr takes an IPv4 or IPv6 address before the slash.');
  const bits = Number(mask);
  const most = digits.length * 4 - 1;
  if (bits < 0 || bits > most) throw new Error(`cidr takes 0 to ${most} bits for this kind of address.`);
  const filled = (fill: '0' | '1'): string => {
    const whole = digits
      .split('')
      .map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0'))
      .join('');
    const masked = whole.slice(0, bits).padEnd(whole.length, fill);
    return (masked.match(/.{4}/g) ?? []).map((four) => hex(Number.parseInt(four, 2), 1)).join('');
  };
  return { bottom: filled('0'), top: filled('1') };
}

/**
 * Whether an address is in a block. Like the matcher it looks at one digit after the other and stops as soon
 * as the answer is sure, so a block of one family may hold an address of the other that begins with the same
 * digits.
 */
export function isInBlock(digits: string, { bottom, top }: Block): boolean {
  let [atBottom, atTop] = [true, true];
  for (let index = 0; index < bottom.length; index++) {
    const digit = digits[index];
    const [low, high] = [bottom[index] ?? '', top[index] ?? ''];
    if (digit === undefined || (atBottom && digit < low) || (atTop && digit > high)) return false;
    atBottom &&= digit === low;
    atTop &&= digit === high;
    if (!atBottom && !atTop) return true;
  }
  return true;
}
