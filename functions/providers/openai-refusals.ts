import * as z from 'zod';
import type { Secret } from '../core/basics/secret.ts';
import type { Verdict } from './verdicts.ts';

const SAID = /^Incorrect API key provided: ([^*]{3,8})\*+([^*]{4})\. You can find your API key at \S+$/;

/**
 * The refusal of this very key: OpenAI names the key that it looked at, by its first and last characters. One
 * that names another key is about a fault of OpenAI's own.
 */
function refusalOf(value: Secret) {
  const key = value.reveal();
  const isNamed = (message: string): boolean => {
    const [, start, end] = SAID.exec(message) ?? [];
    return start !== undefined && end !== undefined && key.startsWith(start) && key.endsWith(end);
  };
  return z.object({
    error: z.object({
      code: z.literal('invalid_api_key'),
      type: z.literal('invalid_request_error'),
      message: z.string().refine(isNamed),
    }),
  });
}

/**
 * How OpenAI refuses a key, whichever provider asks about one. Not listed, so unknown: a key that may not ask
 * ("Missing scopes"), and an address that the organization or the project does not let in.
 */
export const openaiRefusal = (value: Secret): Verdict => ({
  outcome: 'inactive',
  status: 401,
  body: refusalOf(value),
  source: 'platform.openai.com, "Error codes"; the words are from answers of api.openai.com',
});
