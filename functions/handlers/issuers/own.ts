import { ownProvider } from '../../providers/declared/own/index.ts';
import { parseEnv } from '../cold-start.ts';
import { ownIssuerNamed } from '../own-issuers.ts';
import { ProviderEnv } from '../provider.env.ts';
import { providerHandlers } from '../provider.ts';

/** One bundle for every issuer that users declare: the environment says which, and the file beside it how. */
export const { rotate, worker } = providerHandlers(() =>
  ownProvider(
    ownIssuerNamed(parseEnv(ProviderEnv.pick({ KEYTURN_PROVIDER: true }), process.env).KEYTURN_PROVIDER),
  ),
);
