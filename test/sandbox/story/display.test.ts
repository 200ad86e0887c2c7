import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Display, type Terminal } from '../../../lib/sandbox/story/display.ts';

interface Bench {
  readonly display: Display;
  /** What was written, and forgotten. */
  readonly taken: () => string;
  /** So many real seconds go by, in which the display is woken as its timer does. */
  readonly wait: (seconds: number) => void;
}

function bench({ columns, hasColors = false }: { columns?: number; hasColors?: boolean } = {}): Bench {
  let written = '';
  let now = 0;
  const terminal: Terminal = {
    write: (text) => void (written += text),
    columns: () => columns,
    hasColors,
  };
  const display = new Display(terminal, () => now);
  return {
    display,
    taken: () => {
      const text = written;
      written = '';
      return text;
    },
    wait: (seconds) => {
      for (let quarter = 0; quarter < seconds * 4; quarter++) {
        now += 250;
        display.tick();
      }
    },
  };
}

const ERASE = '\r\u001b[2K';

describe('a file or a pipe', () => {
  test('gets plain lines, and what goes on only after five seconds of silence', () => {
    const { display, taken, wait } = bench();
    let step = 0;
    display.progress(() => `step ${step}`);
    display.line('one', 'critical');
    wait(4);
    assert.equal(taken(), 'one\n');
    step = 7;
    wait(2);
    assert.equal(taken(), 'step 7\n');
    wait(12);
    assert.equal(taken(), 'step 7\nstep 7\n', 'it is never silent for ten seconds');
    display.end();
    wait(20);
    assert.equal(taken(), '');
  });

  test('gets no foot: it would fill up while nothing happens', () => {
    const { display, taken, wait } = bench();
    display.foot(() => 'it runs');
    wait(60);
    assert.equal(taken(), '');
    display.end();
  });
});

describe('a window', () => {
  test('has one line at its foot, which is taken away for every other line', () => {
    const { display, taken, wait } = bench({ columns: 80 });
    display.progress(() => 'day 1');
    assert.equal(taken(), `${ERASE}day 1`);
    display.line('news');
    assert.equal(taken(), `${ERASE}news\n${ERASE}day 1`);
    wait(1);
    assert.equal(taken(), '', 'what is the same is not drawn again');
    display.end();
    assert.equal(taken(), ERASE);
  });

  test('breaks long lines between words, and sets the rest in', () => {
    const { display, taken } = bench({ columns: 41 });
    display.line('day  1 08:00  a line that is longer than the window is wide', undefined, 14);
    assert.equal(taken(), 'day  1 08:00  a line that is longer than\n              the window is wide\n');
    display.line('x'.repeat(50), undefined, 14);
    assert.equal(taken(), `${'x'.repeat(40)}\n${' '.repeat(14)}${'x'.repeat(10)}\n`);
    display.line();
    assert.equal(taken(), '\n');
  });

  test('cuts its foot to its width, so that it stays one line', () => {
    const { display, taken } = bench({ columns: 40 });
    display.progress(() => 'y'.repeat(99));
    assert.equal(taken(), `${ERASE}${'y'.repeat(39)}`);
    display.end();
  });
});

test('colors are there where the terminal has them, and nowhere else', () => {
  const colored = bench({ columns: 80, hasColors: true });
  colored.display.line('CRITICAL', 'critical');
  assert.equal(colored.taken(), '\u001b[1m\u001b[31mCRITICAL\u001b[39m\u001b[22m\n');
  const plain = bench({ columns: 80 });
  plain.display.line('CRITICAL', 'critical');
  assert.equal(plain.taken(), 'CRITICAL\n');
});

test('what is shown cannot steer the terminal', () => {
  const { display, taken } = bench();
  display.line('name \u001b[2J and \r more');
  assert.equal(taken(), 'name ?[2J and ? more\n');
});
