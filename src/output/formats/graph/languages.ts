import { safe } from '../../../text/safe.js';
import { fitted, type Graph, type GraphNode } from './graph.js';

/** The most columns of a line in a box or at an edge. */
export const LABEL_COLUMNS = 30;
/** The most lines at an edge. */
export const LABEL_LINES = 4;

/** Colours by what a node is: of the inside and of the border, on a light background. */
export const COLOURS = {
  group: { fill: '#e8f1fb', stroke: '#2f6fb3' },
  closed: { fill: '#fdeaea', stroke: '#b3352f' },
  host: { fill: '#eef6ec', stroke: '#3d7a34' },
  outside: { fill: '#f4f4f4', stroke: '#666666' },
} as const;

/** A graph in the language of Mermaid, which GitHub and others draw. */
export function mermaidText({ nodes, edges, hulls, directed, notes }: Graph): string {
  const text = (value: string): string => safe(value).replace(/[^\p{L}\p{N} .,:=/_-]/gu, (character) => `#${character.codePointAt(0)!};`);
  const box = ({ id, lines, look }: GraphNode): string => `${id}["${lines.map(text).join('<br/>')}"]:::${look}`;
  const arrow = (partial: boolean): string => (partial ? `-.${directed ? '->' : '-'}` : directed ? '-->' : '---');
  return `${[
    'flowchart LR',
    ...hulls.flatMap(({ id, label }) => [`  subgraph ${id}["${text(label)}"]`, ...nodes.filter(({ hull }) => hull === id).map((node) => `    ${box(node)}`), '  end']),
    ...nodes.filter(({ hull }) => hull === undefined).map((node) => `  ${box(node)}`),
    ...edges.map(({ from, to, label, partial }) => `  ${from} ${arrow(partial)}|"${text(label)}"| ${to}`),
    ...Object.entries(COLOURS).map(([look, { fill, stroke }]) => `  classDef ${look} fill:${fill},stroke:${stroke},color:#222222`),
    ...notes.map((note) => `  %% ${safe(note)}`),
  ].join('\n')}\n`;
}

/** A graph in the language of Graphviz. */
export function dotText({ title, nodes, edges, hulls, directed, notes }: Graph): string {
  const text = (lines: readonly string[]): string => `"${lines.map((line) => safe(line).replace(/["\\]/g, '\\$&')).join('\\n')}"`;
  const box = ({ id, lines, look }: GraphNode): string => `${id} [label=${text(lines)}, fillcolor="${COLOURS[look].fill}", color="${COLOURS[look].stroke}"];`;
  return `${[
    `${directed ? 'digraph' : 'graph'} {`,
    `  graph [rankdir=LR, label=${text([title, ...notes])}, labelloc=t, fontname="sans-serif"];`,
    '  node [shape=box, style="filled,rounded", fontname="monospace", fontsize=11];',
    '  edge [fontname="monospace", fontsize=10];',
    ...hulls.flatMap(({ id, label }) => [`  subgraph cluster_${id} {`, `    label=${text([label])};`, ...nodes.filter(({ hull }) => hull === id).map((node) => `    ${box(node)}`), '  }']),
    ...nodes.filter(({ hull }) => hull === undefined).map((node) => `  ${box(node)}`),
    ...edges.map(({ from, to, label, partial }) => `  ${from} ${directed ? '->' : '--'} ${to} [label=${text(fitted(label, LABEL_COLUMNS, LABEL_LINES))}${partial ? ', style=dashed' : ''}];`),
    '}',
  ].join('\n')}\n`;
}
