import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  pathText,
  readFormat,
  readPath,
  tagTextOf,
  textOfTag,
} from '../../../functions/core/policy/value-notation.ts';

/** What every service of AWS takes in the value of a tag (AWS General Reference, "Tag naming limits"). */
const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

describe('a text in a tag', () => {
  it('has only characters that tags may have, and is read back as it was', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            fc.constantFrom('{value}', '{', '}', '@', '"', '\\', '\n', '@40@', '😀', ' '),
            fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
          ),
        }),
        (text) => {
          const tag = tagTextOf(text);
          assert.match(tag, TAG);
          assert.equal(textOfTag(tag), text);
        },
      ),
    );
    assert.equal(tagTextOf('GITLAB_TOKEN={value}'), 'GITLAB_TOKEN=@value@');
  });

  it('may have its braces, and at signs that begin no escape', () => {
    assert.equal(textOfTag('KEY={value}'), 'KEY={value}');
    assert.equal(textOfTag('a@b @7b@ @zz@ @ffffff@'), 'a@b { @zz@ @ffffff@');
  });
});

describe('a path', () => {
  it('is names apart by dots, and is read back as it was', () => {
    const steps = fc
      .array(
        fc.string({
          minLength: 1,
          unit: fc.oneof(
            fc.constantFrom('.', '\\', 'a', ' '),
            fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
          ),
        }),
        { minLength: 1, maxLength: 4 },
      )
      .filter(([first]) => first !== '_keyturn');
    fc.assert(fc.property(steps, (path) => assert.deepEqual(readPath(pathText(path)), { read: path })));
    assert.deepEqual(readPath('gitlab.token'), { read: ['gitlab', 'token'] });
    assert.deepEqual(readPath('hosts.gitlab\\.com.token'), { read: ['hosts', 'gitlab.com', 'token'] });
  });

  it("has no empty name, no other escape, and never leads into what is Keyturn's own", () => {
    for (const text of ['', '.', 'a.', '.a', 'a..b', 'a\\b', 'a\\'])
      assert.ok('fault' in readPath(text), text);
    for (const text of ['_keyturn', '_keyturn.seal'])
      assert.match('fault' in readPath(text) ? JSON.stringify(readPath(text)) : '', /own field/);
    assert.ok('read' in readPath('a._keyturn'));
  });
});

describe('a format', () => {
  it('has the value exactly once', () => {
    assert.deepEqual(readFormat('GITLAB_TOKEN={value}'), { read: { before: 'GITLAB_TOKEN=', after: '' } });
    assert.deepEqual(readFormat(' Bearer {value}\n'), { read: { before: 'Bearer ', after: '' } });
    assert.deepEqual(readFormat('https://ci:{value}@host/'), {
      read: { before: 'https://ci:', after: '@host/' },
    });
    for (const text of ['', 'Bearer', '{Value}', '{value}{value}', 'a {value} b {value}'])
      assert.match('fault' in readFormat(text) ? JSON.stringify(readFormat(text)) : '', /exactly once/);
  });
});
