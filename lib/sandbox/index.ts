export { createSandbox, DEFAULT_FOLDER, type SandboxOptions } from './runtime/sandbox.ts';
export type * from './runtime/api.ts';
export type { Mail, PagerEvent } from './runtime/outbox.ts';
