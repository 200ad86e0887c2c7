import * as z from 'zod';
import type { Provider, Replaced, ReplacingSession } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { grantFor, readableGrants } from '../grant-of.ts';
import type { HttpClient } from '../http.ts';
import { accountOf, inPlaces, noneMadeAt, placeAt, type Place } from '../places.ts';
import type { HttpRequest } from '../request.ts';
import { asking, askingAll, type Verdict } from '../verdicts.ts';
import { adminReader, grantRule, type Readable } from './admin.ts';
import { clientsOf } from './client.ts';
import type { Declaration, Examination } from './declaration.ts';

type Asked = Omit<HttpRequest, 'ends' | 'repeatable'>;

/** Grants of such an issuer say nothing beside their account. */
const NoGrant = z.strictObject({});

/**
 * An issuer whose account has one slot, as data: creating the next value ends the one before.
 * {@link declaredOneSlot} makes a provider of it.
 */
export interface OneSlot<A, P>
  extends
    Omit<Readable<A, P, object>, 'grant' | 'mostDays' | 'fault'>,
    Pick<Declaration<A, P, object>, 'account' | 'dialect' | 'safe'> {
  readonly alone: NonNullable<Declaration<A, P, object>['alone']>;
  /** How the issuer is asked about a value, with the value alone. */
  readonly check: {
    readonly request: (value: Secret, place: P) => Asked;
    readonly verdicts: (place: P) => readonly Verdict[];
  };
  /** The creation of the next value. It is sent once. */
  readonly replace: {
    readonly request: (admin: A, place: P) => Asked;
    readonly made: z.ZodType<Replaced>;
  };
  readonly examine: (admin: A, places: readonly P[]) => readonly Examination[];
  readonly adminValues: (admin: A) => readonly Secret[];
}

/**
 * The provider of such an issuer. What has to hold for all of them stands here once: nothing is created
 * without a permission for the very account, or at a former account; a creation is sent once; an answer
 * without a value is an error.
 */
export function declaredOneSlot<A, P>(is: OneSlot<A, P>): Provider {
  const { descriptor } = is;
  const readable = { ...is, grant: NoGrant };
  const read = adminReader(readable);
  const rule = grantRule(readable);
  const clientOf = clientsOf(is);
  return {
    descriptor,
    examine(secret, tools) {
      const { url, admin, grants } = read(secret);
      const http = clientOf(url, tools);
      const questions = is.examine(admin, readableGrants(rule, grants));
      return askingAll(
        questions.map(
          ({ request, verdicts }) =>
            () =>
              asking({ http, request, verdicts }),
        ),
      );
    },
    adminValues: (secret) => is.adminValues(read(secret).admin),
    ...inPlaces((secret, secretName) => {
      const { url, admin, grants } = read(secret);
      const grant = grantFor(rule, grants, secretName);
      const at = (place: P, isFormer: boolean): Place => {
        const reach = placeAt(url, is.account(place));
        return {
          reach,
          open: (tools) => sessionOf(is, { http: clientOf(url, tools), admin, place, reach, isFormer }),
        };
      };
      return [at(grant, false), ...(grant.formerly ?? []).map((place) => at(place, true))];
    }),
  };
}

interface Bound<A, P> {
  readonly http: HttpClient;
  readonly admin: A;
  readonly place: P;
  readonly reach: Place['reach'];
  readonly isFormer: boolean;
}

function sessionOf<A, P>(is: OneSlot<A, P>, bound: Bound<A, P>): ReplacingSession {
  const { http, place, reach, isFormer } = bound;
  const account = accountOf(reach);
  return {
    kind: 'replacing',
    account,
    reach,
    probe: (value) =>
      asking({
        http,
        request: { ...is.check.request(value, place), repeatable: true },
        verdicts: is.check.verdicts(place),
      }),
    async replace(permit) {
      permit.requireFor(account);
      return isFormer ? noneMadeAt(account)() : replaced(is, bound);
    },
  };
}

async function replaced<A, P>(
  { replace }: OneSlot<A, P>,
  { http, admin, place }: Bound<A, P>,
): Promise<Replaced> {
  const answer = await http.send({ ...replace.request(admin, place), ends: true, repeatable: false });
  return answer.json(replace.made);
}
