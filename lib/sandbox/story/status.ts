import { main } from '../../cli/main.ts';
import { processWorld } from '../../cli/process-world.ts';
import { screenOn } from '../../cli/screen.ts';

/** What `keyturn status` prints of a running sandbox, by the command's own code. */
export async function statusOf(folder: string): Promise<string> {
  let text = '';
  const screen = screenOn((more) => void (text += more), { colour: false });
  await main(['status', `--sandbox=${folder}`], { ...processWorld('sandbox'), out: screen, err: screen, environment: {} });
  return text.trimEnd();
}
