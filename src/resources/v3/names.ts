const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** What JSON Schema can say of these names. */
export const NAME_SCHEMAS = {
  subdomain: { pattern: SUBDOMAIN.source, maxLength: 253 },
  dnsLabel: { pattern: LABEL.source, maxLength: 63 },
  singleton: { const: 'default' },
  qualified: { pattern: `^(?:${SUBDOMAIN.source.slice(1, -1)}/)?(?=.{1,63}$)${QUALIFIED.source.slice(1)}` },
  labelValue: { pattern: LABEL_VALUE.source, maxLength: 63 },
} as const;

/** What is wrong with a name that has to be a lower-case DNS subdomain, or undefined (reference/storage 1.4). */
export function subdomainProblem(name: string): string | undefined {
  if (name.length > 253) return `a name has at most 253 characters, this one has ${name.length}`;
  if (SUBDOMAIN.test(name)) return undefined;
  return `"${name}" is not a name: lower-case letters, digits, "-" and "." are allowed, and each part between dots starts and ends with a letter or digit`;
}

/** What is wrong with a name that has to be a lower-case DNS label, or undefined. */
export function dnsLabelProblem(name: string): string | undefined {
  if (name.length > 63) return `a name of this kind has at most 63 characters, this one has ${name.length}`;
  if (LABEL.test(name)) return undefined;
  return `"${name}" is not a name of this kind: lower-case letters, digits and "-" are allowed, with a letter or digit at both ends`;
}

/** What is wrong with the name of a kind that has one object, or undefined. */
export function singletonProblem(name: string): string | undefined {
  return name === 'default' ? undefined : `the only name of this kind is "default", not "${name}"`;
}

/** What is wrong with the key of a label or annotation (Kubernetes' qualified names), or undefined. */
export function qualifiedNameProblem(key: string): string | undefined {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2) return `"${key}" has more than one "/"`;
  if (parts.length === 2 && subdomainProblem(parts[0] ?? '') !== undefined) return `the part of "${key}" before "/" is not a lower-case DNS name`;
  if (name.length > 63) return `the name part of "${key}" has more than 63 characters`;
  return QUALIFIED.test(name) ? undefined : `"${key}" is not a key: letters, digits, "-", "_" and "." are allowed, with a letter or digit at both ends`;
}

/** What is wrong with the value of a label (Kubernetes' rule), or undefined. */
export function labelValueProblem(value: string): string | undefined {
  if (value.length > 63) return `a label's value has at most 63 characters, this one has ${value.length}`;
  return LABEL_VALUE.test(value) ? undefined : `"${value}" is not a label's value: letters, digits, "-", "_" and "." are allowed, with a letter or digit at both ends`;
}
