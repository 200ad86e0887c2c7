// Prints how large a stack is, by its number of issuers: `node test/infra/print-sizes.ts`.
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { LIMITS } from '../../lib/infra/stack-limits.ts';
import { sizesOf, withIssuers, type Extent } from './sizes.ts';

const EXTENTS: Readonly<Record<string, Extent>> = {
  'no other setting': { full: false },
  'every setting': { full: true },
  'every setting, nested stacks': { full: true, nestedStacks: true },
};

for (const [name, extent] of Object.entries(EXTENTS))
  for (const count of [1, 4, 10, 25, ...(extent.nestedStacks === true ? [DESCRIPTORS.length] : [])]) {
    const sizes = Object.values(sizesOf(withIssuers(count, extent))).map(
      ({ kind, name: of, size }) => `${kind} ${size} of ${LIMITS[kind].most} (${of})`,
    );
    process.stdout.write(`${count} issuers, ${name}: ${sizes.join(', ')}\n`);
  }
