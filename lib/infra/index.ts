export type { DeclaredConsumer } from '../../functions/core/consumers/consumers.ts';
export { Keyturn } from './constructs/keyturn.ts';
export { ManagedToken, type ManagedTokenProps, type TokenPolicy } from './constructs/managed-token.ts';
export { KeyturnStack, type KeyturnStackProps } from './keyturn-stack.ts';
export { SettingsError, parseSettings, type Settings, type SettingsInput } from './settings.ts';
