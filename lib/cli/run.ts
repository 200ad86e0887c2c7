import { leaveOnInterrupt, processWorld } from './aws/process-world.ts';
import { main } from './main.ts';
import own from './package.json' with { type: 'json' };

/** Runs the command line of this process, and sets its exit code. Does not throw. */
export async function run(): Promise<void> {
  leaveOnInterrupt();
  process.exitCode = await main(process.argv.slice(2), processWorld(own.version));
}
