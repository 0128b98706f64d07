import { goJsonIndented } from '../../go/indented-json.js';
import { goYaml, type YamlStyle } from '../../go/yaml.js';

/**
 * Prints a list in pieces, so that its elements need not be in memory: an element is rendered when it is read, and
 * placed when its turn has come.
 */
export interface ListPrinter {
  /** The text of an element, wherever it will stand. */
  render(value: unknown): string;
  /** The text of the next element, with whatever must stand before it. */
  place(rendered: string): string;
  /** What comes after the last element; the whole text of an empty list. */
  end(): string;
}

/** What a v3 list object says besides its items (reference/storage 5.2). */
export interface ListHead {
  /** `IPPoolList` */
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly resourceVersion?: string };
}

/** A plain list as YAML: `- ...` per element, `[]` when there are none. */
export function yamlList(style?: YamlStyle): ListPrinter {
  let count = 0;
  return {
    render: (value) => goYaml([value], style),
    place(rendered) {
      count += 1;
      return rendered;
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
    render: (value) => goYaml([value]),
    place(rendered) {
      count += 1;
      return count === 1 ? `${before}items:\n${rendered}` : rendered;
    },
    end: () => (count === 0 ? `${before}items: []\n${after}` : after),
  };
}

/** A plain list as JSON; ends with a line break. */
export function jsonList(): ListPrinter {
  const elements = jsonElements(1);
  return {
    ...elements,
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
    render: (value) => elements.render(value),
    place: (rendered) => withHead(elements.place(rendered)),
    end: () => withHead(`${elements.end()}\n}`),
  };
}

/** The brackets and elements of a JSON list whose elements stand at the given depth. */
function jsonElements(depth: number): ListPrinter {
  const margin = `\n${'  '.repeat(depth)}`;
  let count = 0;
  return {
    render: (value) => goJsonIndented(value, depth),
    place(rendered) {
      count += 1;
      return `${count === 1 ? '[' : ','}${margin}${rendered}`;
    },
    end: () => (count === 0 ? '[]' : `${margin.slice(0, -2)}]`),
  };
}
