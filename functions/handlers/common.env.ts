import * as z from 'zod';

/** What every function is told. */
export const CommonEnv = z.object({
  KEYTURN_INSTALLATION: z.string().regex(/^[a-z][a-z0-9-]{0,15}$/),
  KEYTURN_ACCOUNT: z.string().regex(/^\d{12}$/),
  AWS_REGION: z.string().min(1),
  TABLE_NAME: z.string().min(1),
  BUS_NAME: z.string().min(1),
});

/** A map from provider id to the URL of its act queue, as JSON text. */
export const QueueUrls = z.string().transform((text, context): Record<string, string> => {
  const parsed = z.record(z.string(), z.url()).safeParse(safeJson(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: 'is not a JSON object of provider ids and queue URLs' });
  return z.NEVER;
});

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
