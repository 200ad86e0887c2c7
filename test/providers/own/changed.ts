import { parse } from 'yaml';
import { textOfFile } from './files.ts';

/** A file with one field set to something else, or taken out where that is undefined; as JSON. */
export function changed(file: string, changes: Readonly<Record<string, unknown>>): string {
  const form: unknown = parse(textOfFile(file));
  for (const [path, value] of Object.entries(changes)) put(form, path.split('.'), value);
  return JSON.stringify(form, undefined, 2);
}

function put(holder: unknown, [step = '', ...rest]: readonly string[], value: unknown): void {
  if (typeof holder !== 'object' || holder === null) throw new TypeError(`nothing holds ${step}`);
  if (rest.length > 0) return put(Reflect.get(holder, step), rest, value);
  if (value === undefined) Reflect.deleteProperty(holder, step);
  else Reflect.set(holder, step, value);
}
