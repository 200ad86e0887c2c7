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

/**
 * The words for a JWT that no key of the App signed. One with a wrong time is refused in others. Source:
 * octokit/auth-app.js, issue 375; the whole answer: github/docs, issue 33989.
 */
export const NotItsKey = z.object({ message: z.literal('A JSON web token could not be decoded') });
