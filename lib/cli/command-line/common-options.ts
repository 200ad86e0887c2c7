import type { Options } from './arguments.ts';

/** Options that every command takes; where one has no meaning, it changes nothing. */
export const COMMON_OPTIONS = {
  installation: {
    type: 'string',
    hint: 'NAME',
    summary: 'which installation; default: KEYTURN_INSTALLATION, else main',
  },
  region: {
    type: 'string',
    hint: 'REGION',
    summary: 'AWS Region; default: from the environment or the profile',
  },
  profile: { type: 'string', hint: 'NAME', summary: 'AWS profile' },
  sandbox: {
    type: 'optional',
    hint: 'DIR',
    summary: 'use a sandbox, not AWS; default: KEYTURN_SANDBOX, else .keyturn/sandbox',
  },
  json: { type: 'boolean', summary: 'print one JSON object, {"schema": 1, …}' },
  yes: { type: 'boolean', short: 'y', summary: 'do not ask for confirmation' },
  wait: { type: 'boolean', summary: 'wait until what was asked has happened or failed' },
  timeout: { type: 'string', hint: 'LENGTH', summary: 'how long to wait, such as 90s or 5m; default: 15m' },
  'exit-code': {
    type: 'boolean',
    summary: 'end with exit code 5 if findings, changes or problems are found',
  },
  'no-color': { type: 'boolean', summary: 'print without color; so does the variable NO_COLOR' },
  debug: { type: 'boolean', summary: 'on a failure, print where in the code it happened' },
  help: { type: 'boolean', short: 'h', summary: 'describe the command' },
  version: { type: 'boolean', summary: 'print the version' },
} as const satisfies Options;
