const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Elements by their names; a list is one element for each; names with `@` before them are attributes. */
export function xmlOf(fields: object): string {
  return Object.entries(fields)
    .filter(([name, value]) => !name.startsWith('@') && value !== undefined)
    .map(([name, value]) => elementsOf(name, value))
    .join('');
}

/** The same as an answer. */
export function asXml(status: number, fields: object): Response {
  return new Response(xmlOf(fields), { status, headers: { 'content-type': 'text/xml' } });
}

function elementsOf(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one: unknown) => elementsOf(name, one)).join('');
  if (typeof value !== 'object' || value === null) return `<${name}>${escaped(String(value))}</${name}>`;
  const attributes = Object.entries(value)
    .filter(([key]) => key.startsWith('@'))
    .map(([key, text]) => ` ${key.slice(1)}="${escaped(String(text))}"`);
  return `<${name}${attributes.join('')}>${xmlOf(value)}</${name}>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? sign);
}
