import type { Branch } from './compile.ts';
import type { Json } from './json-text.ts';
import type { Leaf } from './leaf.ts';

/** The values of an event by their path, names joined by dots. */
export type EventFields = ReadonlyMap<string, readonly Leaf[]>;

type Within = ReadonlyMap<number, number>;

const NOWHERE: Within = new Map();

class Collector {
  readonly fields = new Map<string, Leaf[]>();
  #lists = 0;

  collect(part: Json, path: string, within: Within): void {
    switch (part.kind) {
      case 'object':
        for (const [name, member] of part.members)
          this.collect(member, path === '' ? name : `${path}.${name}`, within);
        return;
      case 'list':
        return this.#collectAll(part.items, path, within);
      case 'text':
        return this.#add(path, { text: `"${part.text}"`, within });
      case 'number':
      case 'word':
        return this.#add(path, { text: part.text, within });
    }
  }

  #collectAll(items: readonly Json[], path: string, within: Within): void {
    const list = this.#lists++;
    for (const [index, item] of items.entries()) {
      const isNested = item.kind === 'object' || item.kind === 'list';
      this.collect(item, path, isNested ? new Map([...within, [list, index]]) : within);
    }
  }

  #add(path: string, leaf: Leaf): void {
    const known = this.fields.get(path);
    if (known) known.push(leaf);
    else this.fields.set(path, [leaf]);
  }
}

/**
 * All values of an event: those in lists and in lists of lists too, and each one of a name that stands twice.
 */
export function fieldsOf(event: Json): EventFields {
  const collector = new Collector();
  collector.collect(event, '', NOWHERE);
  return collector.fields;
}

/** The list elements of both, or undefined when they are different elements of one list. */
function joined(one: Within, other: Within): Within | undefined {
  if (other.size === 0) return one;
  for (const [list, index] of other) if ((one.get(list) ?? index) !== index) return undefined;
  return one.size === 0 ? other : new Map([...one, ...other]);
}

function branchFits(branch: Branch, fields: EventFields, at: number, within: Within): boolean {
  const rule = branch[at];
  if (!rule) return true;
  const values = fields.get(rule.path) ?? [];
  const isAbsent = rule.mayBeAbsent && !values.some((leaf) => joined(within, leaf.within));
  if (isAbsent && branchFits(branch, fields, at + 1, within)) return true;
  return values.some((leaf) => {
    const together = joined(within, leaf.within);
    return (
      together !== undefined &&
      rule.tests.some((test) => test(leaf)) &&
      branchFits(branch, fields, at + 1, together)
    );
  });
}

/** Whether an event fits one of the branches. */
export function fitsBranches(branches: readonly Branch[], fields: EventFields): boolean {
  return branches.some((branch) => branchFits(branch, fields, 0, NOWHERE));
}
