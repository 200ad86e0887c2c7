import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Routing keys of the integrations of an event orchestration. Source: PagerDuty's REST API, "Event
 * Orchestrations".
 */
export const descriptor: ProviderDescriptor = {
  id: 'pagerduty',
  title: 'PagerDuty event orchestration keys',
  rotates:
    'Routing keys of the integrations of an event orchestration, with which events are sent. Integration ' +
    'keys of services are not rotated: PagerDuty has no call that deletes one.',
  // PagerDuty names no number.
  slots: { count: 'unknown', of: ['orchestration'] },
  value: 'issuer',
  found: 'name',
  valueField: 'routing_key',
  // The list shows routing keys.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // When a key was last used is told nowhere.
  // PagerDuty names neither delay.
  lags: { allowed: MINUTE },
  // The only question about a routing key is an event.
  check: 'none',
  concurrency: 1,
  hosts: ['api.pagerduty.com', 'api.eu.pagerduty.com'],
  docs: 'https://developer.pagerduty.com/api-reference/480d05f20e3d5-create-an-integration-for-an-event-orchestration',
  admin: {
    example: {
      url: 'https://api.pagerduty.com',
      token: '<REST API key>',
      grants: [{ secret: 'shop/pagerduty', orchestration: '00000000-0000-4000-8000-000000000000' }],
    },
    leastRights:
      'A REST API key that is not read-only: of the account, or of a user who may manage the event ' +
      'orchestration. A key of the account may change everything in it.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create the REST API key under Integrations, API Access Keys. No call makes one.',
    'Name the event orchestration by its id. `GET /event_orchestrations` lists the ids.',
    'Keep the integration that an event orchestration begins with, or store its routing key in the secret.',
    'Let consumers report events that PagerDuty does not take: it drops events with a deleted key, and ' +
      'Keyturn cannot ask whether a key is accepted.',
    'Accounts in the EU use https://api.eu.pagerduty.com.',
  ],
  evidence: {
    verified:
      "the vendor's specification: PagerDuty/api-schema 91a06fb3, reference/REST/openapiv3.json, on " +
      '2026-11-29',
    sources: [
      'PagerDuty/api-schema 91a06fb3: reference/REST/openapiv3.json, Event Orchestrations',
      'PagerDuty/go-pagerduty, issue 469: a refused REST API key is answered 401 without JSON',
    ],
    unconfirmed: [
      'In which words a REST API key is refused: Keyturn says that it is unknown whether it works.',
      'How many integrations an event orchestration may have, and how long a label may be.',
      'Whether PagerDuty lets go of the last integration of an event orchestration.',
      'How long a new or deleted routing key takes until it is known everywhere.',
    ],
  },
};
