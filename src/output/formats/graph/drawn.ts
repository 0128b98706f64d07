import type { Graph } from './graph.js';

/** The forms in which a graph is printed, besides data. */
export const DRAWN = ['text', 'mermaid', 'dot', 'svg'] as const;

/** A graph in one of the forms; what lays it out is loaded only for a picture. */
export async function drawn(graph: Graph, form: string): Promise<string> {
  if (form === 'svg') return (await import('./svg.js')).graphSvg(graph);
  if (form === 'text') return (await import('./text.js')).graphText(graph);
  const { dotText, mermaidText } = await import('./languages.js');
  return form === 'dot' ? dotText(graph) : mermaidText(graph);
}
