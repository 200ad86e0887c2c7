import { LineCounter, parseDocument, type Document } from 'yaml';
import { fieldName, placeOf, plainValue, sentence } from '../../../files/yaml-places.ts';
import type { Fault } from './fault.ts';
import { faultsOf } from './file-faults.ts';
import { OwnIssuer } from './form.ts';

/** One thing that is wrong with an issuer's file. */
export interface FileFault {
  readonly line: number;
  readonly column: number;
  /** Such as `create.body`; empty for the file as a whole. */
  readonly field: string;
  /** What is wrong and what to write instead; reads on after the field's name, without a full stop. */
  readonly message: string;
}

/** An issuer's file as it was read: what it declares, or all that is wrong with it, in its order. */
export type ReadFile =
  | { readonly issuer: OwnIssuer; readonly faults?: never }
  | { readonly issuer?: never; readonly faults: readonly [FileFault, ...FileFault[]] };

/** More than any such file has. */
const MOST_CHARACTERS = 100_000;

/** Reads an issuer's file: YAML, of which JSON is a part. Nothing of its texts is repeated but names. */
export function readOwnIssuer(text: string): ReadFile {
  if (text.length > MOST_CHARACTERS) return { faults: [whole('is too long for an issuer: shorten it')] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntax] = [...document.errors, ...document.warnings];
  if (syntax) {
    const { line, col } = lines.linePos(syntax.pos[0]);
    return {
      faults: [{ line, column: col, field: '', message: `is not valid YAML: ${sentence(syntax.message)}` }],
    };
  }
  const value = plainValue(document);
  if (value instanceof ReferenceError)
    return {
      faults: [whole('uses an alias (*name) that leads nowhere, or too many of them: write the values out')],
    };
  const parsed = OwnIssuer.safeParse(value ?? {});
  if (parsed.success) return { issuer: parsed.data };
  const found = parsed.error.issues.flatMap((issue) => faultsOf(issue, (path) => isIn(path, document)));
  const [first = whole('is not as own-issuer.schema.json says'), ...others] = found
    .map((fault) => placed(fault, document, lines))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { faults: [first, ...others] };
}

/** A fault as a sentence. */
export function faultSentence(file: string, { line, column, field, message }: FileFault): string {
  return `${file}:${line}:${column}: ${field === '' ? 'the file' : field} ${message}.`;
}

function whole(message: string): FileFault {
  return { line: 1, column: 1, field: '', message };
}

function isIn(path: readonly PropertyKey[], document: Document): boolean {
  return path.length === 0 || document.getIn([...path]) !== undefined;
}

function placed({ path, message }: Fault, document: Document, lines: LineCounter): FileFault {
  return { ...placeOf(path, document, lines), field: fieldName(path), message };
}
