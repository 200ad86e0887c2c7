import { parseXML } from '@aws-sdk/xml-builder';

/**
 * What an answer in XML says, as the AWS SDK reads it: an element without children is its text, attributes
 * are fields, and elements of one name are a list. Undefined for what is no XML. The error is kept from
 * everybody: its message may quote the text.
 */
export function readXml(text: string): unknown {
  try {
    return parseXML(text);
  } catch {
    return undefined;
  }
}
