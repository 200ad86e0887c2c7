import { parentPort, workerData } from 'node:worker_threads';
import { runCase, type Case } from './run.ts';

for (const one of workerData as readonly Case[]) {
  try {
    const { calls: _calls, ...result } = await runCase(one);
    parentPort?.postMessage(result);
  } catch (error) {
    parentPort?.postMessage({
      ...one,
      call: undefined,
      violations: [
        `the run itself failed: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}`,
      ],
    });
  }
}
