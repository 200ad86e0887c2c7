/**
 * What a JSON text says; undefined for what is no JSON. The error is kept from everybody: its message quotes
 * the text.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
