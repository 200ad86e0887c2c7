import { createHash } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../functions/core/json.ts';
import { CliError, EXIT } from './exit.ts';

/** A credential that a scanner found: its digest alone is kept, the value stays in this process. */
export interface Found {
  readonly digest: string;
}

/** gitleaks, `--report-format json`: one array. Redacted reports hold no value. Source: gitleaks README, "report-format". */
const Gitleaks = z.array(z.object({ RuleID: z.string(), Secret: z.string() }));
/** TruffleHog, `--json`: one object a line, and nothing at all where it found nothing. Source: trufflehog README, and pkg/output/json.go. */
const Trufflehog = z.object({ DetectorName: z.string(), Raw: z.string(), RawV2: z.string().optional() });
/** What TruffleHog logs, where somebody sent both of its streams into one file. Source: trufflehog, pkg/log. */
const LogLine = z.object({ level: z.string(), ts: z.string(), msg: z.string() });
/** SARIF 2.1.0, §3.30.13: the snippet of a region is the text that was found; gitleaks writes the secret there. */
const Region = z.object({ region: z.object({ snippet: z.object({ text: z.string() }).optional() }).optional() });
const Sarif = z.object({ version: z.literal('2.1.0'), runs: z.array(z.object({ results: z.array(z.object({ locations: z.array(z.object({ physicalLocation: Region.optional() })).optional() })).nullish() })) });

/** SHA-256 of a value, as `leaks` takes it. */
export function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

/** The values on standard input, one a line. */
export function foundInInput(text: string): Found[] {
  return unique(text.split('\n'));
}

/** What a report of gitleaks, TruffleHog or in SARIF found. Errors: {@link CliError} when it is none of these, or holds no value; it never quotes the report. */
export function foundInReport(text: string, name: string): Found[] {
  const values = valuesIn(text);
  if (!values) throw new CliError(EXIT.usage, `${name} is no report of gitleaks (JSON), TruffleHog (JSON, one object a line) or in SARIF 2.1.0.`);
  const found = unique(values);
  if (found.length === 0 && values.length > 0) throw new CliError(EXIT.usage, `${name} holds no value: it was written with redaction, so nobody can tell whose these are. Run the scanner without it.`);
  return found;
}

function valuesIn(text: string): string[] | undefined {
  const whole = parseJson(text);
  const gitleaks = Gitleaks.safeParse(whole);
  if (gitleaks.success) return gitleaks.data.map((one) => one.Secret);
  const sarif = Sarif.safeParse(whole);
  if (sarif.success) return sarif.data.runs.flatMap((run) => (run.results ?? []).flatMap((result) => (result.locations ?? []).flatMap((one) => piecesOf(one.physicalLocation?.region?.snippet?.text ?? ''))));
  const lines = text.split('\n').filter((line) => line.trim() !== '').map(parseJson);
  const objects = z.array(Trufflehog).safeParse(Array.isArray(whole) ? whole : lines.filter((line) => !LogLine.safeParse(line).success));
  return objects.success ? objects.data.flatMap((one) => [one.Raw, one.RawV2 ?? '']) : undefined;
}

/** Some tools put the value alone into the snippet, others the whole line around it. */
function piecesOf(snippet: string): string[] {
  return [snippet, ...snippet.split(/[\s"'`=,;:<>()[\]{}]+/).filter((piece) => piece.length >= SHORTEST)];
}

/** No issuer's credential is shorter. */
const SHORTEST = 12;

/** What scanners write where they were told to show no value. */
function isRedacted(value: string): boolean {
  return value === '' || /^redacted$/i.test(value) || /^\*+$/.test(value) || value.endsWith('...');
}

function unique(values: readonly string[]): Found[] {
  const real = values.map((value) => value.trim()).filter((value) => !isRedacted(value));
  return [...new Set(real)].map((value) => ({ digest: digestOf(value) }));
}
