import { main, type Surroundings } from '../../cli/main.ts';
import { processWorld } from '../../cli/aws/process-world.ts';
import { screenOn } from '../../cli/output/screen.ts';

/** Made once: it listens to the streams of the process. */
let world: Surroundings | undefined;

/**
 * Runs `keyturn` against a running sandbox, by the command's own code. Resolves to what it prints; `input`
 * is its standard input.
 */
export async function keyturn(folder: string, argv: readonly string[], input?: string): Promise<string> {
  let text = '';
  const screen = screenOn((more) => void (text += more), { colour: false });
  await main([...argv, `--sandbox=${folder}`], {
    ...(world ??= processWorld('sandbox')),
    out: screen,
    err: screen,
    environment: {},
    readInput: async () => input,
  });
  return text.trimEnd();
}
