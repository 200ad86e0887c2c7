import { TOGETHER, loadTogether } from './load.ts';

await loadTogether(TOGETHER.proofs);
