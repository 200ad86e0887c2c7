import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { shellQuoted } from '../../../functions/core/basics/shell.ts';

/** Where a private authority's certificates lie in a bundle. */
export const CA_FILE_IN_BUNDLE = 'private-ca.pem';

/** CommonJS dependencies inside an ES module bundle still call `require`. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/** A file that travels in the bundle; none where `from` is undefined. */
export interface FileBeside {
  readonly from: string | undefined;
  /** Its name in the bundle. */
  readonly to: string;
}

/**
 * One file per handler, AWS SDK included: what was tested is what runs, whatever SDK the runtime has that
 * day. The module entry points come first, since only ES modules lose what is not used.
 */
export function bundling(files: readonly FileBeside[]): BundlingOptions {
  const beside = files.flatMap(({ from, to }) => (from === undefined ? [] : [{ from, to }]));
  return {
    format: OutputFormat.ESM,
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourceMap: true,
    sourcesContent: false,
    bundleAwsSDK: true,
    banner: REQUIRE,
    esbuildArgs: { '--legal-comments': 'none', '--log-level': 'warning' },
    ...(beside.length > 0 && { commandHooks: copyHook(beside) }),
  };
}

/** NODE_EXTRA_CA_CERTS wants a file, and so does whatever is too long for a variable. */
function copyHook(
  files: readonly { readonly from: string; readonly to: string }[],
): NonNullable<BundlingOptions['commandHooks']> {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_input, output) =>
      files.map(({ from, to }) => `cp ${shellQuoted(from)} ${shellQuoted(`${output}/${to}`)}`),
  };
}
