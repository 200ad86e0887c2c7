import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import type { IssuerRowJson } from '../json/issuers.ts';
import type { Cell, Column } from '../output/screen.ts';
import { expiryText, lastUseText, slotsText } from './fact-words.ts';

export const issuerList: CliCommand = {
  name: 'issuer list',
  group: 'Operate',
  effect: 'reads',
  summary: 'List the issuers that this version knows; no AWS credentials are needed',
  usage: '',
  examples: [
    ['keyturn issuer list', 'those of the command that runs here, and those that keyturn.json declares'],
  ],
  options: {},
  takes: 0,
  run,
};

const COLUMNS: readonly Column[] = [
  { title: 'ISSUER' },
  { title: 'ROTATES', shrinks: true },
  { title: 'ACTIVE AT ONCE', shrinks: true },
  { title: 'EXPIRY', shrinks: true },
  { title: 'LAST USE' },
];

async function run({ args, out, issuers }: CommandContext): Promise<ExitCode> {
  const known = await issuers();
  if (args.has('json')) {
    out.json({ issuers: known.map(rowOf) });
    return EXIT.ok;
  }
  out.table(COLUMNS, known.map(cellsOf));
  out.line();
  out.line('`keyturn issuer show ID` says more about one: its admin secret, limits and sources.');
  return EXIT.ok;
}

function rowOf({ id, title, docs, found, check, evidence }: ProviderDescriptor): IssuerRowJson {
  return { id, title, docs, found, check, verified: evidence.verified ?? null };
}

function cellsOf(issuer: ProviderDescriptor): Cell[] {
  const texts = [issuer.id, issuer.title, slotsText(issuer.slots), expiryText(issuer), lastUseText(issuer)];
  return texts.map((text) => ({ text }));
}
