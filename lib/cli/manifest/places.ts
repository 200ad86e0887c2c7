// Where the fields of a manifest stand in its text, and what they are called.
import { isMap, isNode, isScalar, type Document, type Node } from 'yaml';

export type Path = readonly PropertyKey[];

/** Where a field's key stands; for a field that is not there, the nearest thing around it that is. */
export function offsetOf(path: Path, document: Document): number {
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
