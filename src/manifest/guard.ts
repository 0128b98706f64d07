import { LIMITS } from './limits.js';

/** What aliases and escapes can smuggle into a value that looks harmless as text. */
export type Danger = 'cycle' | 'depth' | 'size' | 'half character';

interface Extent {
  /** Characters the value would take if every alias were written out. */
  readonly size: number;
  readonly height: number;
}

const HALF_CHARACTER = /\p{Surrogate}/u;

/** Whether a document's text can make a value dangerous at all: it repeats anchors, or writes surrogates as escapes. */
export function mayBeDangerous(text: string): boolean {
  return /(?:^|[\s[{,:])\*[^\s]|\\[uU]/.test(text);
}

/**
 * Finds values that contain themselves, that unfold to far more than the document they came from (billion laughs), that
 * aliases nest too deeply, or that hold half a surrogate pair, which no store can keep. `length` is the document's own.
 */
export function findDanger(value: unknown, length: number): Danger | undefined {
  try {
    const limit = Math.max(LIMITS.unfolded, length * 10);
    return new Measure().of(value, 1).size > limit ? 'size' : undefined;
  } catch (error) {
    if (error instanceof DangerError) return error.danger;
    throw error;
  }
}

class DangerError extends Error {
  constructor(readonly danger: Danger) {
    super(danger);
  }
}

class Measure {
  private readonly known = new Map<object, Extent>();
  private readonly open = new Set<object>();

  of(value: unknown, level: number): Extent {
    if (level >= LIMITS.depth) throw new DangerError('depth');
    if (typeof value === 'string') return { size: textSize(value), height: 1 };
    if (typeof value !== 'object' || value === null) return { size: 8, height: 1 };
    const before = this.known.get(value);
    if (before) {
      if (level + before.height > LIMITS.depth) throw new DangerError('depth');
      return before;
    }
    if (this.open.has(value)) throw new DangerError('cycle');
    this.open.add(value);
    const extent = this.contents(value, level);
    this.open.delete(value);
    this.known.set(value, extent);
    return extent;
  }

  private contents(value: object, level: number): Extent {
    let size = 2;
    let height = 0;
    for (const [key, content] of Object.entries(value)) {
      const extent = this.of(content, level + 1);
      size += textSize(key) + extent.size;
      height = Math.max(height, extent.height);
    }
    return { size, height: height + 1 };
  }
}

function textSize(text: string): number {
  if (HALF_CHARACTER.test(text)) throw new DangerError('half character');
  return text.length + 2;
}
