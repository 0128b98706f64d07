import { yamlKeys } from './yaml-keys.js';
import { yamlNumber, yamlString } from './yaml-scalar.js';

export interface YamlStyle {
  /** Dates such as 2001-01-01 without quotes, as the classic tool prints them. */
  readonly plainDates?: boolean;
}

/** A key longer than this many bytes takes the form `? key`, as does one of several lines. */
const LONGEST_SIMPLE_KEY = 128;

/**
 * A map or list as YAML in the style of Go's sigs.k8s.io/yaml (reference/classic 5.2): keys sorted, list dashes in the column
 * of their key, quotes only where needed, long lines folded. Reads back as the same value. Members that are
 * undefined are left out. Ends with a line break. A list of one element is that element as a list prints it, so a
 * long list can be printed in pieces.
 */
export function goYaml(value: object, style: YamlStyle = {}): string {
  if (!isCollection(value)) return Array.isArray(value) ? '[]\n' : '{}\n';
  return new Emitter(style.plainDates === true).collection(value, 0);
}

type Collection = readonly unknown[] | Readonly<Record<string, unknown>>;

function isCollection(value: unknown): value is Collection {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  const members = value as Readonly<Record<string, unknown>>;
  for (const key in members) if (members[key] !== undefined) return true;
  return false;
}

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

class Emitter {
  private readonly margins: string[] = [];

  constructor(private readonly plainDates: boolean) {}

  /** The lines of a list or map that is not empty; the first without its margin, which the caller has written. */
  collection(value: Collection, indent: number): string {
    return Array.isArray(value) ? this.list(value, indent) : this.map(value as Readonly<Record<string, unknown>>, indent);
  }

  scalar(value: unknown, indent: number, column: number): string {
    switch (typeof value) {
      case 'string':
        return yamlString(value, { indent, column, isKey: false, plainDates: this.plainDates });
      case 'number':
      case 'bigint':
        return yamlNumber(value);
      case 'boolean':
        return value ? 'true' : 'false';
      case 'object':
        if (value !== null) return Array.isArray(value) ? '[]' : '{}';
        return 'null';
      default:
        return 'null';
    }
  }

  private list(list: readonly unknown[], indent: number): string {
    const margin = this.margin(indent);
    let text = '';
    for (const element of list) {
      text += text === '' ? '- ' : `${margin}- `;
      text += isCollection(element) ? this.collection(element, indent + 2) : endLine(this.scalar(element, indent + 2, indent + 2));
    }
    return text;
  }

  private map(map: Readonly<Record<string, unknown>>, indent: number): string {
    const margin = this.margin(indent);
    let text = '';
    for (const key of yamlKeys(map)) {
      const value = map[key];
      if (value === undefined) continue;
      if (text !== '') text += margin;
      text += this.member(key, value, indent);
    }
    return text;
  }

  private member(key: string, value: unknown, indent: number): string {
    if (!fitsOneLine(key)) return this.longMember(key, value, indent);
    const keyText = yamlString(key, { indent, column: indent, isKey: true, plainDates: this.plainDates });
    if (!isCollection(value)) return `${keyText}: ${endLine(this.scalar(value, indent + 2, indent + keyText.length + 2))}`;
    const below = Array.isArray(value) ? indent : indent + 2;
    return `${keyText}:\n${this.margin(below)}${this.collection(value, below)}`;
  }

  /** A key too long for one line, or of several lines, after `?`, its value after `:` on a line of its own. */
  private longMember(key: string, value: unknown, indent: number): string {
    const start = indent + 2;
    const keyText = endLine(this.scalar(key, start, start));
    const valueText = isCollection(value) ? this.collection(value, start) : endLine(this.scalar(value, start, start));
    return `? ${keyText}${this.margin(indent)}: ${valueText}`;
  }

  private margin(indent: number): string {
    return (this.margins[indent] ??= ' '.repeat(indent));
  }
}

function fitsOneLine(key: string): boolean {
  if (/^[\x20-\x7e]{0,128}$/.test(key)) return true;
  return Buffer.byteLength(key) <= LONGEST_SIMPLE_KEY && !/[\n\r\x85\u2028\u2029]/.test(key);
}
