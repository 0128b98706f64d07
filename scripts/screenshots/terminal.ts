/** How something is shown on a terminal: weight and one of the colours. */
interface Look {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly colour?: string;
}

/** Characters of a line that look alike. */
interface Run {
  readonly text: string;
  readonly look: Look;
}

const PLAIN: Look = { bold: false, dim: false };
const COLOURS: Readonly<Record<string, string>> = { 31: 'red', 32: 'green', 33: 'yellow', 34: 'blue', 35: 'magenta', 36: 'cyan' };
const [CHARACTER, LINE, EDGE, BAR] = [8.4, 19, 16, 30];

/**
 * What a terminal shows as a picture (SVG), light or dark as the page is: `text` is what a program wrote to it, of which lines
 * longer than `columns` go on in the next one. The same text gives the same picture. Throws where a sequence is none that is known.
 */
export function terminalPicture(text: string, columns: number): string {
  const rows = linesOf(text).flatMap((line) => wrapped(line, columns));
  const [width, height] = [Math.ceil(columns * CHARACTER + 2 * EDGE), rows.length * LINE + BAR + EDGE];
  const shown = rows.map((runs, at) => rowOf(runs, BAR + (at + 1) * LINE - 5)).filter((row) => row !== '');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">
<style>
.ground { fill: #f8f9fa; stroke: #c8ced4 } text { fill: #1b1f24; white-space: pre } .bar { fill: #c8ced4 }
.bold { font-weight: 700 } .dim { fill: #59636e } .red { fill: #b3261e } .green { fill: #1a6e2e } .yellow { fill: #7d5a00 } .blue { fill: #0b57a4 } .magenta { fill: #8a2a8a } .cyan { fill: #0a6570 }
@media (prefers-color-scheme: dark) {
.ground { fill: #14181c; stroke: #363f48 } text { fill: #e4e8ec } .bar { fill: #363f48 }
.dim { fill: #9aa5b1 } .red { fill: #ff8a80 } .green { fill: #7ddb93 } .yellow { fill: #f0c75e } .blue { fill: #7cb7ff } .magenta { fill: #e79be7 } .cyan { fill: #6fd3de }
}
</style>
<rect class="ground" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="6"/>
${[0, 1, 2].map((at) => `<circle class="bar" cx="${EDGE + 5 + at * 16}" cy="15" r="5"/>`).join('')}
${shown.join('\n')}
</svg>
`;
}

/** The lines as they are in the end: what a program took back (progress) is gone. */
function linesOf(text: string): readonly (readonly Run[])[] {
  let look = PLAIN;
  return text.trimEnd().split(/\r*\n/).map((line) => {
    const runs: Run[] = [];
    for (const piece of (line.split('\r\x1b[K').at(-1) as string).split(/(\x1b\[[\d;]*m)/)) {
      if (piece.startsWith('\x1b[')) for (const code of piece.slice(2, -1).split(';')) look = lookAfter(look, code);
      else if (/[\x00-\x1f]/.test(piece)) throw new Error(`this is not known: ${JSON.stringify(piece)}`);
      else if (piece !== '') runs.push({ text: piece, look });
    }
    return runs;
  });
}

/** Select Graphic Rendition (ECMA-48). */
function lookAfter(look: Look, code: string): Look {
  switch (code) {
    case '': case '0': return PLAIN;
    case '1': return { ...look, bold: true };
    case '2': return { ...look, dim: true };
    case '22': return { ...look, bold: false, dim: false };
    case '39': return { bold: look.bold, dim: look.dim };
    default: {
      const colour = COLOURS[code];
      if (colour === undefined) throw new Error(`SGR ${code} is not known`);
      return { ...look, colour };
    }
  }
}

/** A line as rows of a width. */
function wrapped(line: readonly Run[], columns: number): readonly (readonly Run[])[] {
  const rows: Run[][] = [[]];
  let room = columns;
  for (const { text, look } of line) {
    for (let rest = text; rest !== ''; rest = rest.slice(room), room = columns) {
      (rows.at(-1) as Run[]).push({ text: rest.slice(0, room), look });
      if (rest.length <= room) {
        room -= rest.length;
        break;
      }
      rows.push([]);
    }
  }
  return rows;
}

function rowOf(runs: readonly Run[], y: number): string {
  let column = 0;
  const spans = runs.map(({ text, look }) => {
    const x = EDGE + column * CHARACTER;
    column += text.length;
    const classes = [look.bold ? 'bold' : '', look.dim ? 'dim' : (look.colour ?? '')].filter((each) => each !== '').join(' ');
    // The width is given, so that columns stand below each other in every font.
    return text.trim() === '' ? '' : `<tspan x="${round(x)}" textLength="${round(text.length * CHARACTER)}"${classes === '' ? '' : ` class="${classes}"`}>${text.replace(/[&<>]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] as string)}</tspan>`;
  });
  return spans.every((span) => span === '') ? '' : `<text y="${y}" xml:space="preserve">${spans.join('')}</text>`;
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}
