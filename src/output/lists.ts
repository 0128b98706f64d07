import { goJsonIndented } from './json.js';
import { goYaml, type YamlStyle } from './yaml.js';

/** Prints a list one element at a time, so that only one element need be in memory. */
export interface ListPrinter {
  /** The text of one more element, with whatever must stand before it. */
  item(value: unknown): string;
  /** What comes after the last element; the whole text of an empty list. */
  end(): string;
}

/** What a v3 list object says besides its items (v3-storage.md 7.2). */
export interface ListHead {
  /** `IPPoolList` */
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly resourceVersion: string };
}

/** A plain list as YAML: `- ...` per element, `[]` when there are none. */
export function yamlList(style?: YamlStyle): ListPrinter {
  let count = 0;
  return {
    item(value) {
      count += 1;
      return goYaml([value], style);
    },
    end: () => (count === 0 ? '[]\n' : ''),
  };
}

/** A v3 list object as YAML. */
export function yamlListObject(head: ListHead): ListPrinter {
  const { kind, apiVersion, metadata } = head;
  const before = goYaml({ apiVersion });
  const after = goYaml({ kind, metadata });
  let count = 0;
  return {
    item(value) {
      count += 1;
      return (count === 1 ? `${before}items:\n` : '') + goYaml([value]);
    },
    end: () => (count === 0 ? `${before}items: []\n${after}` : after),
  };
}

/** A plain list as JSON; ends with a line break. */
export function jsonList(): ListPrinter {
  const elements = jsonElements(1);
  return {
    item: (value) => elements.item(value),
    end: () => `${elements.end()}\n`,
  };
}

/** A v3 list object as JSON; ends without a line break, as the official tool's does. */
export function jsonListObject(head: ListHead): ListPrinter {
  const { kind, apiVersion, metadata } = head;
  let before = `${goJsonIndented({ kind, apiVersion, metadata }).slice(0, -2)},\n  "items": `;
  const elements = jsonElements(2);
  const withHead = (text: string): string => {
    const whole = before + text;
    before = '';
    return whole;
  };
  return {
    item: (value) => withHead(elements.item(value)),
    end: () => withHead(`${elements.end()}\n}`),
  };
}

/** The brackets and elements of a JSON list whose elements stand at the given depth. */
function jsonElements(depth: number): ListPrinter {
  const margin = `\n${'  '.repeat(depth)}`;
  let count = 0;
  return {
    item(value) {
      count += 1;
      return `${count === 1 ? '[' : ','}${margin}${goJsonIndented(value, depth)}`;
    },
    end: () => (count === 0 ? '[]' : `${margin.slice(0, -2)}]`),
  };
}
