import { LineCounter, isMap, isNode, isScalar, isSeq, parseDocument, type Document } from 'yaml';
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
      faults: [{ line, column: col, field: '', message: `is not valid YAML: ${oneLine(syntax.message)}` }],
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

function plainValue(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

function isIn(path: readonly PropertyKey[], document: Document): boolean {
  return path.length === 0 || document.getIn([...path]) !== undefined;
}

function placed({ path, message }: Fault, document: Document, lines: LineCounter): FileFault {
  const { line, col } = lines.linePos(offsetOf(path, document));
  return { line, column: col, field: fieldName(path), message };
}

/** Where a field's key stands; for one that is not there, the nearest thing around it that is. */
function offsetOf(path: readonly PropertyKey[], document: Document): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
    const item = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
    const start = startOf(pair?.key) ?? startOf(item);
    if (start === undefined) return offset;
    offset = start;
    node = pair?.value ?? item;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('');
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').replace(/\.$/, '');
}
