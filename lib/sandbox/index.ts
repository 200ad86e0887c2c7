export { createSandbox } from './runtime/sandbox.ts';
export { DEFAULT_FOLDER, SANDBOX_SETTINGS, type SandboxOptions } from './runtime/settings.ts';
export type * from './runtime/api.ts';
export type { Mail, PagerEvent } from './runtime/outbox.ts';
export { SandboxRefusal } from './runtime/refusal.ts';
export { openSandbox } from './story/open-sandbox.ts';
