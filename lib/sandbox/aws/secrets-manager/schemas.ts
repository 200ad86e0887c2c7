import * as z from 'zod';

export const SecretId = z.string().min(1).max(2048);
export const Token = z.string().min(32).max(64);
export const Tags = z.array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) })).max(50);
export const Label = z.string().min(1).max(256);
export const Value = { SecretString: z.string().optional(), SecretBinary: z.string().optional() };
export const Rules = z.strictObject({
  AutomaticallyAfterDays: z.number().int().min(1).max(1000).optional(),
  ScheduleExpression: z.string().optional(),
  Duration: z.string().optional(),
});

export function seconds(at: number | undefined): number | undefined {
  return at === undefined ? undefined : at / 1000;
}

/** The object without its undefined fields, as it goes on the wire. */
export function compact<T extends object>(object: T): Partial<T> {
  const copy = { ...object };
  for (const [key, value] of Object.entries(copy)) if (value === undefined) Reflect.deleteProperty(copy, key);
  return copy;
}
