import { NAMESPACE_LABEL } from '../../resources/field-labels.js';

/** A label as Mesos hands it over: any texts. */
export type MesosLabel = readonly [key: string, value: string];

/** What labels of Mesos are to an endpoint: its labels, and its namespace where one of them says it (reference/network-plugin 10.4). */
export function ofMesosLabels(labels: readonly MesosLabel[]): { readonly labels: Readonly<Record<string, string>>; readonly namespace: string | undefined } {
  const isNamespace = ([key]: MesosLabel): boolean => key === NAMESPACE_LABEL;
  return {
    labels: Object.fromEntries(labels.filter((label) => !isNamespace(label)).map(([key, value]) => [asLabel(key), asLabel(value)])),
    namespace: labels.filter(isNamespace).map(([, value]) => asLabel(value)).at(-1),
  };
}

/** Any text as the official plugin makes a label of it. */
export function asLabel(text: string): string {
  return text
    .replaceAll('/', '.')
    .replaceAll(/[^-_.a-zA-Z0-9]+/g, '-')
    .replaceAll(/[.-]*\.[.-]*/g, '.')
    .replace(/^[.-]+/, '')
    .replace(/[.-]+$/, '');
}
