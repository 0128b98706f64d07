import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { documentFields } from '../../src/resources/document-fields.js';
import type { Field, FieldType } from '../../src/resources/fields/field.js';
import type { Kind } from '../../src/resources/kind.js';
import { CLASSIC_KINDS, STORED_KINDS } from '../../src/resources/registry.js';
import { ROOT } from '../../scripts/support/calicoctl.js';
import { expectRecorded } from '../support/recorded.js';

interface ManifestFlag {
  readonly name: string;
  readonly char?: string;
  readonly aliases?: readonly string[];
  readonly charAliases?: readonly string[];
  readonly type: 'option' | 'boolean';
  readonly multiple?: boolean;
  readonly options?: readonly string[];
  readonly default?: unknown;
  readonly required?: boolean;
  readonly hidden?: boolean;
}

interface ManifestCommand {
  readonly aliases: readonly string[];
  readonly strict: boolean;
  readonly args: Readonly<Record<string, { readonly name: string; readonly required?: boolean; readonly options?: readonly string[] }>>;
  readonly flags: Readonly<Record<string, ManifestFlag>>;
}

function commandLines([id, command]: [string, ManifestCommand]): readonly string[] {
  const name = id.replaceAll(':', ' ');
  const args = Object.values(command.args).map((arg) => `${name} ${arg.required === true ? arg.name.toUpperCase() : `[${arg.name.toUpperCase()}]`}${choices(arg.options)}`);
  return [`${name}${command.strict ? '' : ' ...'}`, ...command.aliases.map((alias) => `${name} = ${alias}`), ...args, ...Object.values(command.flags).map((flag) => `${name} ${flagLine(flag)}`).sort()];
}

function flagLine(flag: ManifestFlag): string {
  const names = [`--${flag.name}`, ...(flag.char === undefined ? [] : [`-${flag.char}`]), ...(flag.aliases ?? []).map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`))];
  const value = flag.type === 'option' ? ` VALUE${flag.multiple === true ? '...' : ''}${choices(flag.options)}` : '';
  const initial = flag.default === undefined || flag.default === false ? '' : ` [${String(flag.default)}]`;
  return `${names.join(', ')}${value}${initial}${flag.required === true ? ' (required)' : ''}${flag.hidden === true ? ' (hidden)' : ''}`;
}

function choices(options: readonly string[] = []): string {
  return options.length === 0 ? '' : ` ${options.join('|')}`;
}

function kindLines(kind: Kind): readonly string[] {
  const { ps, wide, extra = [] } = kind.columns;
  const tables = Object.entries({ ps, wide, extra }).map(([name, columns]) => `${name}: ${columns.map((column) => column.heading).join(' ')}`);
  const shape = documentFields(kind).flatMap((field) => fieldLines(field, ''));
  return [...tables, ...shape].map((line) => `${kind.kind} ${line.trimEnd()}`);
}

/** A line for each field below a field: when it is printed, and what is below it. */
function fieldLines(field: Field, above: string): readonly string[] {
  const path = `${above}.${field.name}`;
  return [`${path}${marks(field.type)} ${field.write}`, ...below(field.type).flatMap((each) => fieldLines(each, `${path}${marks(field.type)}`))];
}

function marks(type: FieldType): string {
  return type.element === undefined ? '' : `[]${marks(type.element)}`;
}

function below(type: FieldType): readonly Field[] {
  return type.fields ?? (type.element === undefined ? [] : below(type.element));
}

describe('contracts with scripts', () => {
  it('commands, arguments and flags', () => {
    const { commands } = JSON.parse(readFileSync(`${ROOT}/oclif.manifest.json`, 'utf8')) as { commands: Record<string, ManifestCommand> };
    const lines = Object.entries(commands).sort(([left], [right]) => (left < right ? -1 : 1)).flatMap(commandLines);
    expectRecorded(`${lines.join('\n')}\n`, 'contracts/commands.txt');
  });

  it('words, tables and fields of kinds', () => {
    const lines = [...CLASSIC_KINDS, ...STORED_KINDS].flatMap(kindLines);
    const words = [...CLASSIC_KINDS, ...STORED_KINDS].map((kind) => `${kind.kind} ${kind.dialect}: ${kind.words.join(' ')}`);
    expectRecorded(`${[...words, ...lines].join('\n')}\n`, 'contracts/kinds.txt');
  });
});
