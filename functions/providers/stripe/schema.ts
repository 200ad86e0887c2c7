import * as z from 'zod';

export const Account = z.strictObject({
  account: z.string().regex(/^acct_\w{8,40}$/, 'must be the id of an account, such as acct_1MzAbCdEfGhIjKlM'),
  /** An account has keys of each; one value says in its beginning which it is of. */
  mode: z.enum(['live', 'test']),
});

export const Grant = z.strictObject({});

/** Source: docs.stripe.com, "Retrieve account". */
export const Self = z.object({ id: z.string().min(1), object: z.literal('account') });

/**
 * A key that nobody knows, with the key masked in the words; or one that expired or was deleted. Source:
 * docs.stripe.com, "Error codes", and answers of api.stripe.com as users report them.
 */
export const Refused = z.object({
  error: z.union([
    z.object({
      type: z.literal('invalid_request_error'),
      message: z.string().regex(/^Invalid API Key provided: \S+$/),
    }),
    z.object({ code: z.literal('api_key_expired') }),
  ]),
});

/** What is said to a request without a key. */
export const Missing = z.object({
  error: z.object({
    type: z.literal('invalid_request_error'),
    message: z.string().regex(/^You did not provide an API key\. /),
  }),
});
