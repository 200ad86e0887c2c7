// Prints how large a stack is, by its number of issuers: `node test/infra/print-sizes.ts`.
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { sizesOf, withIssuers } from './sizes.ts';

for (const full of [false, true])
  for (const count of [1, 4, 10, DESCRIPTORS.length]) {
    const { resources, template, managedPolicy, inlinePolicies } = sizesOf(withIssuers(count, { full }));
    process.stdout.write(
      `${count} issuers, ${full ? 'every setting' : 'no other setting'}: ${resources} resources, ` +
        `${template} bytes of template, managed policy ${managedPolicy}, inline policies of a role ` +
        `${inlinePolicies} characters\n`,
    );
  }
