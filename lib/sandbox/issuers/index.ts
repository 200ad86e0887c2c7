import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { GitlabSimulator } from './gitlab.ts';
import { OktaSimulator } from './okta.ts';
import type { Issuer } from './simulator.ts';

export interface IssuerTools {
  readonly clock: Clock;
  /** A folder for what an issuer keeps on disk. */
  readonly folder: string;
}

/**
 * The issuers that the sandbox runs, one for each provider: a real server where one runs from npm, else a
 * simulator.
 */
export async function startIssuers({ clock, folder }: IssuerTools): Promise<readonly Issuer[]> {
  // Verdaccio is large: it is loaded by those who run it.
  const { VerdaccioIssuer } = await import('./verdaccio.ts');
  return [
    new GitlabSimulator({ clock }),
    await VerdaccioIssuer.start({ clock, folder: join(folder, 'npm-registry') }),
    new OktaSimulator({ clock }),
  ];
}
