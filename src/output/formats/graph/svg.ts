import { columnsOf } from '../../../text/width.js';
import { xmlContent } from '../xml.js';
import { fitted, type Graph, type GraphEdge, type GraphNode, type Hull } from './graph.js';
import { laidOut, type Box, type LaidLine, type Layout, type Point } from './layout.js';
import { COLOURS, LABEL_COLUMNS, LABEL_LINES } from './languages.js';

/** How texts are set: a monospace font, whose width is known without a browser. */
const NODE_FONT = { size: 12, column: 7.4, line: 16 } as const;
const EDGE_FONT = { size: 10, column: 6.2, line: 13 } as const;
type Font = typeof NODE_FONT | typeof EDGE_FONT;

const PADDING = 10;
const MARGIN = 24;
const FAMILY = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace";

/** A graph as a picture, drawn here: boxes are laid out in layers, lines lead around them, labels have a place of their own. */
export function graphSvg(graph: Graph): string {
  const layout = laidOut(filled(graph));
  const lines = new Lines(layout, graph);
  const { width = 0, height = 0 } = layout.graph();
  const heading = headingOf(graph);
  const top = MARGIN + heading.length * NODE_FONT.line;
  const whole = { width: Math.ceil(Math.max(width + 2 * MARGIN, ...heading.map((line) => widthOf(line, NODE_FONT) + 2 * MARGIN))), height: Math.ceil(top + height + MARGIN) };
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${whole.width}" height="${whole.height}" viewBox="0 0 ${whole.width} ${whole.height}" font-family="${FAMILY}">`,
    `<title>${xmlContent(heading[0]!)}</title>`,
    '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10z" fill="#555555"/></marker></defs>',
    `<rect width="${whole.width}" height="${whole.height}" fill="#ffffff"/>`,
    ...heading.map((line, at) => `<text x="${MARGIN}" y="${MARGIN + at * NODE_FONT.line}" font-size="${NODE_FONT.size}"${at === 0 ? ' font-weight="bold"' : ''} fill="#222222">${xmlContent(line)}</text>`),
    `<g transform="translate(${MARGIN} ${top})">`,
    ...graph.hulls.map((hull) => hullSvg(hull, layout.node(hull.id))),
    ...graph.edges.map((edge, at) => lineSvg(edge, lines.of(edge, at), graph.directed)),
    ...graph.nodes.map((node) => nodeSvg(node, layout.node(node.id))),
    ...graph.edges.map((edge, at) => labelSvg(edge, labelBox(layout, edge, at))),
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

function headingOf({ title, notes }: Graph): readonly string[] {
  return [title, ...notes].flatMap((line) => fitted(line, 100));
}

function filled({ nodes, edges, hulls }: Graph): (layout: Layout) => void {
  return (layout) => {
    for (const hull of hulls) layout.setNode(hull.id, {});
    for (const node of nodes) {
      layout.setNode(node.id, sizeOf(boxLines(node), NODE_FONT, PADDING));
      if (node.hull !== undefined) layout.setParent(node.id, node.hull);
    }
    edges.forEach(({ from, to, label }, at) => layout.setEdge(from, to, { ...sizeOf(labelLines(label), EDGE_FONT, 3), labelpos: 'c' }, String(at)));
  };
}

function boxLines({ lines }: GraphNode): readonly string[] {
  return lines.flatMap((line) => fitted(line, LABEL_COLUMNS, LABEL_LINES));
}

function labelLines(label: string): readonly string[] {
  return fitted(label, LABEL_COLUMNS, LABEL_LINES);
}

function sizeOf(lines: readonly string[], font: Font, padding: number): { readonly width: number; readonly height: number } {
  return { width: Math.max(...lines.map((line) => widthOf(line, font))) + 2 * padding, height: lines.length * font.line + 2 * padding };
}

function widthOf(line: string, { column }: Font): number {
  return columnsOf(line) * column;
}

/**
 * Lines cross only between columns of boxes and labels, never behind one: within a column they run straight on, for as far as its widest
 * box is, and they begin and end at the sides of boxes.
 */
class Lines {
  private readonly halves = new Map<number, number>();

  constructor(
    private readonly layout: Layout,
    { nodes, edges }: Graph,
  ) {
    for (const { x, width } of [...nodes.map(({ id }) => layout.node(id)), ...edges.map((edge, at) => labelBox(layout, edge, at))]) {
      this.halves.set(round(x), Math.max(width / 2, this.halves.get(round(x)) ?? 0));
    }
  }

  of(edge: GraphEdge, at: number): readonly Point[] {
    const [from, to] = [this.layout.node(edge.from), this.layout.node(edge.to)];
    const inner = labelBox(this.layout, edge, at).points.slice(1, -1);
    const way = from.x <= to.x ? 1 : -1;
    const across = inner.flatMap(({ x, y }) => [-way, way].map((side) => ({ x: x + side * this.half(x), y })));
    return [...this.side(from, way, across[0] ?? to), ...across, ...[...this.side(to, -way, across.at(-1) ?? from)].reverse()];
  }

  /** From the side of a box to the edge of its column, as near to the next point as the box is high. */
  private side(box: Box, way: number, next: Point): readonly Point[] {
    const reach = box.height / 2 - PADDING;
    const y = Math.min(Math.max(next.y, box.y - reach), box.y + reach);
    return [{ x: box.x + (way * box.width) / 2, y }, { x: box.x + way * this.half(box.x), y }];
  }

  private half(x: number): number {
    return this.halves.get(round(x)) ?? 0;
  }
}

function labelBox(layout: Layout, { from, to }: GraphEdge, at: number): LaidLine {
  return layout.edge({ v: from, w: to, name: String(at) });
}

function nodeSvg(node: GraphNode, box: Box): string {
  const { fill, stroke } = COLOURS[node.look];
  return `<rect x="${corner(box.x, box.width)}" y="${corner(box.y, box.height)}" width="${round(box.width)}" height="${round(box.height)}" rx="6" fill="${fill}" stroke="${stroke}"/>${textSvg(boxLines(node), box, NODE_FONT)}`;
}

/** The label stands above the nodes inside. */
function hullSvg({ label }: Hull, box: Box): string {
  const [line = ''] = fitted(label, LABEL_COLUMNS * 2, 1);
  const width = Math.max(box.width, widthOf(line, EDGE_FONT) + PADDING);
  const top = box.y - box.height / 2;
  return `<rect x="${corner(box.x, width)}" y="${round(top)}" width="${round(width)}" height="${round(box.height)}" rx="10" fill="none" stroke="#2f6fb3" stroke-dasharray="2 3"/><text x="${round(box.x)}" y="${round(top + EDGE_FONT.line)}" font-size="${EDGE_FONT.size}" text-anchor="middle" fill="#2f6fb3">${xmlContent(line)}</text>`;
}

function lineSvg({ partial }: GraphEdge, points: readonly Point[], directed: boolean): string {
  const [first, ...others] = points.map(({ x, y }) => `${round(x)} ${round(y)}`);
  return `<path d="M${first!}L${others.join('L')}" fill="none" stroke="#555555"${partial ? ' stroke-dasharray="5 4"' : ''} stroke-linejoin="round"${directed ? ' marker-end="url(#arrow)"' : ''}/>`;
}

/** On the colour of the paper, so that a line behind it does not strike it out. */
function labelSvg({ label }: GraphEdge, box: Box): string {
  const lines = labelLines(label);
  const { width, height } = sizeOf(lines, EDGE_FONT, 2);
  return `<rect x="${corner(box.x, width)}" y="${corner(box.y, height)}" width="${round(width)}" height="${round(height)}" fill="#ffffff"/>${textSvg(lines, box, EDGE_FONT)}`;
}

function textSvg(lines: readonly string[], { x, y }: Point, { size, line }: Font): string {
  const first = y - (lines.length * line) / 2 + line * 0.75;
  return lines.map((text, at) => `<text x="${round(x)}" y="${round(first + at * line)}" font-size="${size}" text-anchor="middle" fill="#222222">${xmlContent(text)}</text>`).join('');
}

function corner(centre: number, size: number): number {
  return round(centre - size / 2);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
