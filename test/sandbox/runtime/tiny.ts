import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../lib/sandbox/index.ts';
import type { Issuer } from '../../../lib/sandbox/issuers/simulator.ts';
import type { Assembly } from '../../../lib/sandbox/runtime/assembly.ts';

export const START = Date.UTC(2026, 10, 20, 9, 30);

interface TinyFunction {
  /** The body of `export async function handler(event, context)`. */
  readonly body: string;
  readonly head?: string;
  readonly timeout?: number;
  readonly environment?: Record<string, unknown>;
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An assembly of functions named by their keys, all with one role, beside some more resources. */
export function tinyAssembly(
  t: TestContext,
  functions: Record<string, TinyFunction>,
  more: Record<string, unknown> = {},
): Assembly {
  const root = temporaryFolder(t);
  const assets = new Map<string, string>();
  const resources: [string, unknown][] = [];
  for (const [name, { body, head = '', timeout = 3, environment = {} }] of Object.entries(functions)) {
    const folder = join(root, name);
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'index.mjs'),
      `${head}\nexport async function handler(event, context) {\n${body}\n}\n`,
    );
    assets.set(`${name}.zip`, folder);
    const Properties = {
      FunctionName: name,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Timeout: timeout,
      Environment: { Variables: environment },
    };
    resources.push([name, { Type: 'AWS::Lambda::Function', Properties }]);
  }
  const Role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };
  return {
    stackName: 'tiny',
    template: { Resources: { Role, ...Object.fromEntries(resources), ...more } },
    assets,
  };
}

/** A sandbox with these functions and nothing else, closed when the test ends. */
export async function tinySandbox(
  t: TestContext,
  functions: Record<string, TinyFunction>,
  options: SandboxOptions & { resources?: Record<string, unknown>; with?: readonly Issuer[] } = {},
): Promise<Sandbox> {
  const { resources, with: issuers = [], ...rest } = options;
  const folder = temporaryFolder(t);
  const sandbox = await createSandbox({
    folder,
    start: START,
    issuers: () => Promise.resolve(issuers),
    assembly: tinyAssembly(t, functions, resources),
    ...rest,
  });
  t.after(() => sandbox.close());
  return sandbox;
}
