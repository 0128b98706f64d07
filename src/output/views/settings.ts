import type { Column } from '../../resources/column.js';
import type { Listed } from '../../settings/read.js';
import type { Scope } from '../../settings/scope.js';

/** The columns of `config list`. */
export const SETTING_COLUMNS: readonly Column<Listed>[] = [
  { heading: 'NAME', cell: ({ setting }) => setting.name },
  { heading: 'RAW', cell: ({ setting }) => setting.raw ?? '' },
  { heading: 'SCOPE', cell: ({ scope }) => scopeText(scope) },
  { heading: 'VALUE', cell: ({ text }) => text },
  { heading: 'ORIGIN', cell: ({ origin }) => origin },
];

/** A setting as data. */
export function settingData({ setting, scope, text, origin }: Listed): object {
  return {
    name: setting.name,
    raw: setting.raw ?? null,
    scope: scope.type,
    node: scope.type === 'node' ? scope.node : null,
    nodeSelector: scope.type === 'selector' ? scope.selector : null,
    value: text,
    origin,
  };
}

function scopeText(scope: Scope): string {
  if (scope.type === 'global') return 'global';
  return scope.type === 'node' ? `node ${scope.node}` : `nodes with ${scope.selector}`;
}
