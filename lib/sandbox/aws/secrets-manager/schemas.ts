import * as z from 'zod';

/**
 * The members of inputs with the bounds of the service's model (API Reference; botocore, `secretsmanager`
 * 2017-10-17).
 */
export const SecretId = z.string().min(1).max(2048);
export const Token = z.string().min(32).max(64);
export const Tags = z.array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) }));
export const Label = z.string().min(1).max(256);
export const Description = z.string().max(2048);
export const KmsKeyId = z.string().max(2048);
export const Value = {
  SecretString: z.string().min(1).max(65_536).optional(),
  SecretBinary: z.string().min(1).optional(),
};
export const Rules = z.strictObject({
  AutomaticallyAfterDays: z.number().int().min(1).max(1000).optional(),
  ScheduleExpression: z.string().min(1).max(256).optional(),
  Duration: z.string().min(2).max(3).optional(),
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
