import * as z from 'zod';

/** A key is of one App: its number is what GitHub is told with each question about the key. */
export const App = z.strictObject({ appId: z.int().positive() });

export const Grant = z.strictObject({});

/** Source: github/rest-api-description, GET /app. */
export const Self = z.object({
  id: z.int().positive(),
  name: z.string().min(1),
  events: z.array(z.string()),
});
