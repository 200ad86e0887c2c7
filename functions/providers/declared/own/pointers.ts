/**
 * What stands at a JSON Pointer (RFC 6901); undefined where nothing does. Only what an answer itself holds is
 * found: no inherited property, and no number of an array that is not written as the RFC says.
 */
export function valueAt(body: unknown, pointer: string): unknown {
  let here = body;
  for (const step of stepsOf(pointer)) here = stepInto(here, step);
  return here;
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function stepInto(here: unknown, step: string): unknown {
  if (Array.isArray(here)) {
    const items: readonly unknown[] = here;
    return /^(0|[1-9]\d{0,5})$/.test(step) ? items[Number(step)] : undefined;
  }
  if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
  const found: unknown = Reflect.get(here, step);
  return found;
}
