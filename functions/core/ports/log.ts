export interface Log {
  info(message: string, fields?: Readonly<Record<string, string | number | boolean | undefined>>): void;
  warn(message: string, fields?: Readonly<Record<string, string | number | boolean | undefined>>): void;
  error(message: string, fields?: Readonly<Record<string, string | number | boolean | undefined>>): void;
}
