import * as z from 'zod';
import { CommonEnv } from './common.env.ts';

/** ARNs of KMS keys, separated by commas. */
const Keys = z.string().transform((text) => text.split(',').filter((arn) => arn !== ''));

export const DetectEnv = CommonEnv.extend({
  /** The IAM path of the roles that read secrets for Keyturn. */
  ROLE_PATH: z.string().regex(/^\/.+\/$/),
  KEYS: Keys,
});
