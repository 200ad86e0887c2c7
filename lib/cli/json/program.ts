import * as z from 'zod';
import { Time, Texts } from './basics.ts';

const Option = z.strictObject({
  type: z.enum(['boolean', 'string', 'optional']),
  short: z.string().optional(),
  hint: z.string().optional(),
  summary: z.string(),
});

/** What `keyturn help` prints. */
export const HelpJson = z.strictObject({
  commands: z
    .array(
      z.strictObject({
        name: z.string(),
        group: z.string(),
        summary: z.string(),
        effect: z.enum(['reads', 'changes']),
        usage: z.string(),
        options: z.record(z.string(), Option),
        examples: z.array(z.strictObject({ line: z.string(), meaning: z.string() })).readonly(),
      }),
    )
    .readonly(),
});
export type HelpJson = z.input<typeof HelpJson>;

/** What `keyturn completion` prints. */
export const CompletionJson = z.strictObject({ shell: z.enum(['bash', 'zsh', 'fish']), script: z.string() });
export type CompletionJson = z.input<typeof CompletionJson>;

/** What `keyturn version` prints. */
export const VersionJson = z.strictObject({ version: z.string() });
export type VersionJson = z.input<typeof VersionJson>;

/** What `keyturn sandbox start` prints. */
export const SandboxJson = z.strictObject({
  endpoint: z.string(),
  folder: z.string(),
  /** The names of the tokens that it has. */
  tokens: Texts,
  /** The environment of who may do what an operator may, and of who may only look. */
  operator: z.record(z.string(), z.string()),
  reader: z.record(z.string(), z.string()),
});
export type SandboxJson = z.input<typeof SandboxJson>;

/** What the commands that steer a sandbox print. */
export const AdvancedJson = z.strictObject({ now: Time });
export type AdvancedJson = z.input<typeof AdvancedJson>;
export const GrantedJson = z.strictObject({ issuer: z.string(), secrets: Texts });
export type GrantedJson = z.input<typeof GrantedJson>;
export const FaultJson = z.strictObject({
  issuer: z.string(),
  fault: z.enum(['unavailable', 'throttled', 'none']),
});
export type FaultJson = z.input<typeof FaultJson>;
