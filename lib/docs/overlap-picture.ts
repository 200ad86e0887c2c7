// The picture of the README: how the old and the new credential overlap, as SVG, light and dark.

export type Theme = 'light' | 'dark';

/** Colors of GitHub's own pages, so that the picture sits on either background. */
interface Palette {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly old: string;
  readonly fresh: string;
  readonly onBar: string;
  readonly overlap: string;
  readonly end: string;
}

const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    text: '#1f2328',
    muted: '#59636e',
    line: '#d1d9e0',
    old: '#9a6700',
    fresh: '#1a7f37',
    onBar: '#ffffff',
    overlap: '#ddf4ff',
    end: '#cf222e',
  },
  dark: {
    text: '#f0f6fc',
    muted: '#9198a1',
    line: '#3d444d',
    old: '#d29922',
    fresh: '#3fb950',
    onBar: '#0d1117',
    overlap: '#132c4d',
    end: '#ff7b72',
  },
};

const WIDTH = 880;
const HEIGHT = 300;
const FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif";

/** What the picture shows, for those who do not see it. */
const ABOUT =
  'The issuer accepts the old and the new credential for a grace period. ' +
  'Then the old one is revoked, and the revocation is verified at the issuer.';

/** Where things happen on the axis of time, in pixels. */
const AT = { start: 150, created: 250, promoted: 380, revoked: 640, verified: 770, end: 870 } as const;

/** The steps below the axis. */
const STEPS = [
  { at: AT.created, title: 'created', lines: ['stored as pending,', 'tested at the issuer'] },
  { at: AT.promoted, title: 'promoted', lines: ['AWSCURRENT', 'moves'] },
  { at: AT.revoked, title: 'revoked', lines: ['grace period over,', 'policy satisfied'] },
  { at: AT.verified, title: 'verified', lines: ['the issuer', 'rejects it'] },
] as const;

const ROW = { old: 58, fresh: 104, consumers: 150, height: 32, axis: 206 } as const;

interface TextOptions {
  readonly fill: string;
  readonly anchor?: 'start' | 'middle';
  readonly bold?: boolean;
  readonly size?: number;
}

function text(x: number, y: number, content: string, options: TextOptions): string {
  const { fill, anchor = 'start', bold = false, size = 13 } = options;
  const weight = bold ? ' font-weight="600"' : '';
  return (
    `<text x="${x}" y="${y}" fill="${fill}" font-size="${size}" ` +
    `text-anchor="${anchor}"${weight}>${content}</text>`
  );
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** A bar in a row from one moment to another, with what it is in its middle. */
function bar(
  row: number,
  { from, to }: Span,
  label: string,
  { fill, on }: { fill: string; on: string },
): string {
  const rect = `<rect x="${from}" y="${row}" width="${to - from}" height="${ROW.height}" fill="${fill}"/>`;
  return rect + text((from + to) / 2, row + 21, label, { fill: on, anchor: 'middle' });
}

function dashedBar(row: number, { from, to }: Span, stroke: string): string {
  const place = `x="${from}" y="${row + 0.5}" width="${to - from}" height="${ROW.height - 1}"`;
  return `<rect ${place} fill="none" stroke="${stroke}" stroke-dasharray="4 4"/>`;
}

function middleOf({ from, to }: Span): number {
  return (from + to) / 2;
}

function rowTitle(row: number, colors: Palette, title: string): string {
  return text(0, row + 21, title, { fill: colors.text, bold: true, size: 14 });
}

function overlap(colors: Palette): string {
  const span = { from: AT.created, to: AT.revoked };
  const title = { fill: colors.text, anchor: 'middle', bold: true, size: 14 } as const;
  return [
    `<rect x="${span.from}" y="8" width="${span.to - span.from}" height="${ROW.axis - 8}" ` +
      `fill="${colors.overlap}"/>`,
    text(middleOf(span), 30, 'overlap: the issuer accepts both', title),
  ].join('\n  ');
}

function oldCredential(colors: Palette): string {
  const paint = { fill: colors.old, on: colors.onBar };
  const ended = { fill: colors.end, anchor: 'middle' } as const;
  const [revoked, verified] = [
    { from: AT.revoked, to: AT.verified },
    { from: AT.verified, to: AT.end },
  ];
  return [
    rowTitle(ROW.old, colors, 'Old credential'),
    bar(ROW.old, { from: AT.start, to: AT.promoted }, 'current', paint),
    bar(ROW.old, { from: AT.promoted, to: AT.revoked }, 'previous, in its grace period', paint),
    dashedBar(ROW.old, { from: AT.revoked, to: AT.end }, colors.end),
    text(middleOf(revoked), ROW.old + 21, 'revoked', ended),
    text(middleOf(verified), ROW.old + 21, '✓ verified', { ...ended, bold: true }),
  ].join('\n  ');
}

function newCredential(colors: Palette): string {
  const pending = { from: AT.created, to: AT.promoted };
  return [
    rowTitle(ROW.fresh, colors, 'New credential'),
    dashedBar(ROW.fresh, pending, colors.fresh),
    text(middleOf(pending), ROW.fresh + 21, 'pending', { fill: colors.text, anchor: 'middle' }),
    bar(ROW.fresh, { from: AT.promoted, to: AT.end }, 'current', { fill: colors.fresh, on: colors.onBar }),
  ].join('\n  ');
}

function consumers(colors: Palette): string {
  const { start, promoted, revoked, end } = AT;
  const on = colors.onBar;
  const [from, to] = [`stop-color="${colors.old}"`, `stop-color="${colors.fresh}"`];
  const stops = `<stop offset="0" ${from}/><stop offset="1" ${to}/>`;
  return [
    `<defs><linearGradient id="shift">${stops}</linearGradient></defs>`,
    rowTitle(ROW.consumers, colors, 'Consumers'),
    bar(ROW.consumers, { from: start, to: promoted }, 'use the old one', { fill: colors.old, on }),
    bar(ROW.consumers, { from: promoted, to: revoked }, 'read the secret again, one by one', {
      fill: 'url(#shift)',
      on,
    }),
    bar(ROW.consumers, { from: revoked, to: end }, 'use the new one', { fill: colors.fresh, on }),
  ].join('\n  ');
}

function axis(colors: Palette): string {
  const arrow = `M${AT.start} ${ROW.axis}H${AT.end}m-7 -4l7 4l-7 4`;
  const line = `<path d="${arrow}" fill="none" stroke="${colors.muted}"/>`;
  const title = text(0, ROW.axis + 5, 'Time', { fill: colors.muted });
  return [line, title, ...STEPS.map((step) => mark(step, colors))].join('\n  ');
}

function mark({ at, title, lines }: (typeof STEPS)[number], colors: Palette): string {
  const below = { fill: colors.muted, anchor: 'middle' } as const;
  return [
    `<path d="M${at} ${ROW.old}V${ROW.axis}" stroke="${colors.line}"/>`,
    `<circle cx="${at}" cy="${ROW.axis}" r="5" fill="${colors.text}"/>`,
    text(at, ROW.axis + 28, title, { ...below, fill: colors.text, bold: true, size: 14 }),
    ...lines.map((line, index) => text(at, ROW.axis + 48 + index * 18, line, below)),
  ].join('\n  ');
}

/** The whole picture as one SVG, 880 pixels wide: no script, no link, no font that has to be loaded. */
export function overlapPicture(theme: Theme): string {
  const colors = PALETTES[theme];
  const parts = [
    overlap(colors),
    axis(colors),
    oldCredential(colors),
    newCredential(colors),
    consumers(colors),
  ];
  const size = `viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" font-family="${FONT}">
  <title>One rotation</title>
  <desc>${ABOUT}</desc>
  ${parts.join('\n  ')}
</svg>
`;
}
