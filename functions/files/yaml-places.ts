// Where the fields of a YAML file of a user's stand in its text, and what they are called.
import { isMap, isNode, isScalar, type Document, type LineCounter, type Node } from 'yaml';

export type Path = readonly PropertyKey[];

/** Where a field's key stands; for a field that is not there, the nearest thing around it that is. */
function offsetOf(path: Path, document: Document): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const [place, next] = stepInto(node, step);
    if (place === undefined) return offset;
    offset = place;
    node = next;
  }
  return offset;
}

/** Where a step begins, and what it leads to. */
function stepInto(node: unknown, step: PropertyKey): [number | undefined, unknown] {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
    return [startOf(pair?.key), pair?.value];
  }
  const items: unknown = isNode(node) && 'items' in node ? node.items : undefined;
  const item: unknown = Array.isArray(items) && typeof step === 'number' ? items[step] : undefined;
  return [startOf(item), item];
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? rangeStart(node) : undefined;
}

function rangeStart(node: Node): number | undefined {
  return node.range?.[0];
}

/** A path as people write it: `tokens[0].policy.maxAge`. */
export function fieldName(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('');
}

/** Line and column of a field, both from 1; for a field that is not there, of the nearest thing around it. */
export function placeOf(
  path: Path,
  document: Document,
  lines: LineCounter,
): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offsetOf(path, document));
  return { line, column: col };
}

/** The file as plain values; the error, when an alias leads nowhere or the file would grow beyond measure. */
export function plainValue(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

/** In one line and without the full stop, since a list of faults ends its lines itself. */
export function sentence(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').replace(/\.$/, '');
}
