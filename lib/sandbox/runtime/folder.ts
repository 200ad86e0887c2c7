import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../../../functions/core/basics/json.ts';
import { SandboxRefusal } from './refusal.ts';

/** What the sandbox puts into its folder; nothing else in it is ever touched. */
const OWN = ['mail', 'logs', 'issuers', 'pages.jsonl', 'sandbox.json'] as const;

/** The folder of one sandbox. */
export class SandboxFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
    mkdirSync(this.path, { recursive: true });
    this.clear();
  }

  /** The path of one of its parts. */
  part(name: (typeof OWN)[number]): string {
    return join(this.path, name);
  }

  /** How commands in other processes find the sandbox: only its user may read it. */
  describe(sandbox: object): void {
    writeFileSync(this.part('sandbox.json'), `${JSON.stringify(sandbox, undefined, 2)}\n`, { mode: 0o600 });
  }

  /** Takes away what an earlier sandbox left. */
  clear(): void {
    for (const name of OWN) rmSync(join(this.path, name), { recursive: true, force: true });
  }

  /** Takes away what only a running sandbox needs; mails and logs stay to be read. */
  settle(): void {
    for (const name of ['issuers', 'sandbox.json'] as const)
      rmSync(this.part(name), { recursive: true, force: true });
  }

  /** Takes the folder away, unless there is something in it that is not the sandbox's. */
  remove(): void {
    this.clear();
    if (existsSync(this.path) && readdirSync(this.path).length === 0) rmdirSync(this.path);
  }
}

const Described = z.looseObject({ endpoint: z.url() });

/**
 * Errors: {@link SandboxRefusal} when a sandbox runs in the folder, since two would overwrite each other's
 * files.
 */
export async function refuseTakenFolder(path: string): Promise<void> {
  const file = join(resolve(path), 'sandbox.json');
  if (!existsSync(file)) return;
  const described = Described.safeParse(parseJson(readFileSync(file, 'utf8')));
  if (!described.success) return;
  const { endpoint } = described.data;
  const answer = await fetch(new URL('/_keyturn/state', endpoint)).catch(() => undefined);
  if (answer?.ok === true)
    throw new SandboxRefusal(
      `A sandbox runs in ${path} already, at ${endpoint}: stop it, or choose another folder.`,
    );
}
