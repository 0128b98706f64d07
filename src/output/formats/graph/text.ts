import { fitted, type Graph, type GraphEdge } from './graph.js';

const COLUMNS = 80;

/** A graph as text of 80 columns: each node with the lines that lead from it, and what is known of those that none leads to. */
export function graphText(graph: Graph): string {
  const { title, nodes, hulls, edges, notes } = graph;
  const hullLines = hulls.flatMap(({ id, label }) => ['', ...folded(label, ''), ...nodes.filter((node) => node.hull === id).flatMap((node) => folded(node.lines[0]!, '  '))]);
  const nodeLines = nodes.flatMap((node) => {
    const names = new Map(nodes.map(({ id, lines }) => [id, lines[0]!]));
    return ['', ...node.lines.flatMap((line, at) => folded(line, at === 0 ? '' : '  ')), ...edges.flatMap((edge) => edgeLines(edge, node.id, graph.directed, names))];
  });
  return `${[...folded(title, ''), ...hullLines, ...nodeLines, ...(notes.length === 0 ? [] : ['', ...notes.flatMap((note) => folded(note, ''))])].join('\n')}\n`;
}

/** Lines without a direction are told at both ends. */
function edgeLines({ from, to, label, partial }: GraphEdge, node: string, directed: boolean, names: ReadonlyMap<string, string>): readonly string[] {
  if (from !== node && (directed || to !== node)) return [];
  const other = names.get(from === node ? to : from)!;
  return folded(`${partial ? '.' : '-'}${directed ? '>' : '-'} ${other}: ${label}`, '  ');
}

function folded(text: string, margin: string): readonly string[] {
  return fitted(text, COLUMNS - margin.length - 4).map((line, at) => `${margin}${at === 0 ? '' : '    '}${line}`);
}
