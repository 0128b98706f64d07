import dagre from '@dagrejs/dagre';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle by its centre. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** The label of a line, and the points that the line goes through. */
export interface LaidLine extends Box {
  readonly points: readonly Point[];
}

/** What is used of dagre's graphs. Its own declarations name modules without their endings, which TypeScript does not find. */
export interface Layout {
  setGraph(options: object): void;
  setNode(id: string, size: object): void;
  setParent(id: string, parent: string): void;
  setEdge(from: string, to: string, label: object, name: string): void;
  graph(): { readonly width?: number; readonly height?: number };
  node(id: string): Box;
  edge(of: { readonly v: string; readonly w: string; readonly name: string }): LaidLine;
}

const library = dagre as unknown as { readonly graphlib: { readonly Graph: new (options: object) => Layout }; layout(graph: Layout): void };

/** Lays out what is put into a new graph: boxes in layers from left to right, lines around them, hulls around their boxes. */
export function laidOut(fill: (layout: Layout) => void): Layout {
  const layout = new library.graphlib.Graph({ multigraph: true, compound: true });
  layout.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 56, edgesep: 16 });
  fill(layout);
  library.layout(layout);
  return layout;
}
