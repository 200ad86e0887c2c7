// Prints how large a stack is, by its number of issuers: `node test/infra/print-sizes.ts`.
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { LIMITS } from '../../lib/infra/stack-limits.ts';
import { sizesOf, withIssuers } from './sizes.ts';

for (const full of [false, true])
  for (const count of [1, 4, 10, DESCRIPTORS.length]) {
    const sizes = Object.values(sizesOf(withIssuers(count, { full }))).map(
      ({ kind, name, size }) => `${kind} ${size} of ${LIMITS[kind].most} (${name})`,
    );
    process.stdout.write(
      `${count} issuers, ${full ? 'every setting' : 'no other setting'}: ${sizes.join(', ')}\n`,
    );
  }
