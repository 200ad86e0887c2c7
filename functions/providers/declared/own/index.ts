import type { Provider } from '../../../core/issuer/provider.ts';
import { declared } from '../index.ts';
import { declarationOf } from './compile.ts';
import type { OwnIssuer } from './shape.ts';

/** The provider of an issuer that a user declares in a file. */
export function ownProvider(form: OwnIssuer): Provider {
  return declared(declarationOf(form));
}
