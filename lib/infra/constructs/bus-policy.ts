import { ArnFormat, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DETAIL_TYPES, EVENT_SOURCE } from '../../../functions/core/findings/events.ts';
import type { Settings } from '../settings.ts';
import { forwardersOf, rolesOfKeyturn } from './keys.ts';

/** Who may put what on the bus of an installation; one document, with the bus. */
export function busPolicy(scope: Construct, settings: Settings, busName: string): PolicyDocument {
  const resources = [
    Stack.of(scope).formatArn({
      service: 'events',
      resource: 'event-bus',
      resourceName: busName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    }),
  ];
  const { acceptFrom } = settings.staging;
  const statements = [
    factsFromKeyturnOnly(scope, settings, resources),
    ...(acceptFrom.length > 0 ? [hearOfUpstreamTokens(acceptFrom, resources)] : []),
  ];
  return new PolicyDocument({ statements });
}

/**
 * Whoever may put events in this account may put them on this bus, and a fact is believed: so facts are
 * refused from all but Keyturn's own roles, and those in whose name accepted installations tell of their
 * tokens. `events:source` has all sources of a request (service authorization reference, "Condition keys for
 * Amazon EventBridge": ArrayOfString).
 */
function factsFromKeyturnOnly(
  scope: Construct,
  { installation, staging }: Settings,
  resources: string[],
): PolicyStatement {
  return new PolicyStatement({
    sid: 'FactsFromKeyturnOnly',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['events:PutEvents'],
    resources,
    conditions: {
      'ForAnyValue:StringEquals': { 'events:source': EVENT_SOURCE },
      ArnNotLike: {
        'aws:PrincipalArn': [...rolesOfKeyturn(scope, installation), ...staging.acceptFrom.map(forwardersOf)],
      },
    },
  });
}

/** The named accounts may put these events and no others: nothing else on this bus can come from them. */
function hearOfUpstreamTokens(accounts: readonly string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'HearOfUpstreamTokens',
    effect: Effect.ALLOW,
    principals: accounts.map((account) => new AccountPrincipal(account)),
    actions: ['events:PutEvents'],
    resources,
    conditions: {
      'ForAllValues:StringEquals': {
        'events:source': EVENT_SOURCE,
        'events:detail-type': Object.values(DETAIL_TYPES),
      },
      Null: { 'events:source': 'false', 'events:detail-type': 'false' },
    },
  });
}
