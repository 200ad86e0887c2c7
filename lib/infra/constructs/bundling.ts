import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { shellQuoted } from '../../../functions/core/basics/shell.ts';

/** Where a private authority's certificates lie in a bundle. */
export const CA_FILE_IN_BUNDLE = 'private-ca.pem';

/** CommonJS dependencies inside an ES module bundle still call `require`. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/**
 * One file per handler, AWS SDK included: what was tested is what runs, whatever SDK the runtime has that
 * day. The module entry points come first, since only ES modules lose what is not used.
 */
export function bundling(caFile: string | undefined): BundlingOptions {
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
    ...(caFile !== undefined && { commandHooks: copyHook(caFile) }),
  };
}

/** The certificates travel in the bundle, since NODE_EXTRA_CA_CERTS wants a file. */
function copyHook(caFile: string): NonNullable<BundlingOptions['commandHooks']> {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_input, output) => [
      `cp ${shellQuoted(caFile)} ${shellQuoted(`${output}/${CA_FILE_IN_BUNDLE}`)}`,
    ],
  };
}
