import * as z from 'zod';
import { DiscoverySettings } from '../core/discovery.ts';
import { CommonEnv } from './common.env.ts';

/** The settings of discovery, as JSON text. */
const Discovery = z.string().transform((text, context): DiscoverySettings => {
  try {
    const parsed = DiscoverySettings.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Said below.
  }
  context.addIssue({ code: 'custom', message: 'is not the JSON of the settings of discovery' });
  return z.NEVER;
});

export const DiscoverEnv = CommonEnv.extend({ DISCOVERY: Discovery });
