import { addressOf } from './addresses.ts';

/**
 * One value of an event that is no object and no list. Text stands in double quotes, anything else as the
 * event wrote it.
 */
export interface Leaf {
  readonly text: string;
  /**
   * The list elements that it is in, by list: what one pattern asks of several fields has to hold for one
   * element.
   */
  readonly within: ReadonlyMap<number, number>;
}

/** Whether one value fits one of the values that a pattern lists for a field. */
export type Test = (leaf: Leaf) => boolean;

interface Decimal {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

function decimalOf(text: string): Decimal {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return { isNegative: false, digits: '', exponent: 0 };
  return {
    isNegative: sign === '-',
    digits,
    exponent: Number(power) - fraction.length + all.length - digits.length,
  };
}

/**
 * A number as the matcher compares it, however it is written; undefined for what is no number and for one
 * that a double cannot hold exactly as it is written (event-ruler, "ComparableNumber").
 */
export function comparable(text: string): number | undefined {
  if (!/^-?\d/.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  const [asked, held] = [decimalOf(text), decimalOf(String(value))];
  const isExact =
    asked.digits === held.digits && asked.exponent === held.exponent && asked.isNegative === held.isNegative;
  return isExact ? value + 0 : undefined;
}

/** The address that a value is, in hexadecimal digits. */
export function addressIn({ text }: Leaf): string | undefined {
  return text.startsWith('"') && text.endsWith('"') ? addressOf(text.slice(1, -1)) : undefined;
}
