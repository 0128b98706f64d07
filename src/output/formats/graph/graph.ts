import { safe } from '../../../text/safe.js';
import { columnsOf } from '../../../text/width.js';
import { wrap } from '../../../text/wrap.js';

/** What a node is, which decides how it looks. */
export type Look = 'group' | 'closed' | 'host' | 'outside';

/** A node of a picture: what stands in its box. */
export interface GraphNode {
  readonly id: string;
  readonly look: Look;
  /** The first is its name. */
  readonly lines: readonly string[];
  /** The hull that it is in. */
  readonly hull?: string;
}

/** A line between two nodes: `partial` where it is not so for all of them. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly partial: boolean;
}

/** Nodes that belong together. */
export interface Hull {
  readonly id: string;
  readonly label: string;
}

/** Something to draw, whatever it is about. Its texts may hold anything. */
export interface Graph {
  readonly title: string;
  /** Whether lines lead from one end to the other. */
  readonly directed: boolean;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly hulls: readonly Hull[];
  /** What to know about the picture. */
  readonly notes: readonly string[];
}

/** A text as lines of at most so many columns that do no harm; what does not fit in `most` lines ends in `...`. */
export function fitted(text: string, limit: number, most = Infinity): readonly string[] {
  const words = safe(text).split(' ').map((word) => broken(word, limit)).join(' ');
  const lines = wrap(words, limit, columnsOf);
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), '...'];
}

/** A word that is too long for a line is cut where it has to be. */
function broken(word: string, limit: number): string {
  if (columnsOf(word) <= limit) return word;
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (columnsOf(piece + character) > limit) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece].join(' ');
}
