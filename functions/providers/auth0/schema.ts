import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { auth0Grant } from '../auth0-api.ts';

export const Grant = auth0Grant('an application has one client secret');
export type Grant = z.infer<typeof Grant>;

const Revealed = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

/** Source: auth0/docs, articles/api/authentication, "Client Credentials Flow". */
export const Login = z.object({ access_token: Revealed, token_type: z.literal('Bearer') });

/** Source: auth0/node-auth0, RotateClientSecretResponseContent. */
export const Rotated = z.object({ client_id: z.string(), client_secret: Revealed });
