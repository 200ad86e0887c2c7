/**
 * The circles of tokens that wait for each other, by name: `follows` says for each which one has to be
 * rotated first. Each circle comes once, and begins with the one of its tokens that stands first.
 */
export function circlesIn(follows: ReadonlyMap<string, string | undefined>): string[][] {
  const settled = new Set<string>();
  const circles: string[][] = [];
  for (const start of follows.keys()) {
    const path: string[] = [];
    for (
      let name: string | undefined = start;
      name !== undefined && !settled.has(name) && !path.includes(name);
      name = follows.get(name)
    )
      path.push(name);
    const back = follows.get(path.at(-1) ?? '');
    if (back !== undefined && path.includes(back))
      circles.push(inOrder(path.slice(path.indexOf(back)), [...follows.keys()]));
    for (const name of path) settled.add(name);
  }
  return circles;
}

/** The same circle, begun with the one that stands first. */
function inOrder(circle: readonly string[], order: readonly string[]): string[] {
  const first = order.find((name) => circle.includes(name)) ?? '';
  const at = circle.indexOf(first);
  return [...circle.slice(at), ...circle.slice(0, at)];
}
