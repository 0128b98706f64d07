export type Severity = 'error' | 'warning' | 'info';

/** From the worst on. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/**
 * What lint can find, and how bad it is: an error breaks or opens something now, a warning is most likely not meant, an info is worth to be
 * known. The codes are for scripts and annotations: they stay. Those that `policy trace` notes too have its names (docs/lint.md).
 */
export const LINT_CODES = {
  // rules that never decide
  'behind-deny': 'warning',
  shadowed: 'warning',
  'shadowed-in-part': 'warning',
  redundant: 'info',
  overlapping: 'info',
  'allow-all-early': 'warning',
  'behind-tier-end': 'warning',
  'log-after-decision': 'warning',
  'never-matches': 'warning',
  'ignored-direction': 'warning',
  // what a rule names
  'empty-selector': 'warning',
  'unknown-port-name': 'warning',
  'port-without-protocol': 'warning',
  'one-family': 'warning',
  'not-enforced': 'error',
  'http-ignored': 'error',
  'breaks-felix': 'error',
  // policies and tiers
  'selects-nothing': 'warning',
  'log-only': 'warning',
  'deny-only': 'info',
  'pass-in-last-tier': 'warning',
  'order-by-name': 'warning',
  'tier-order-by-name': 'warning',
  'unknown-tier': 'error',
  // profiles
  'missing-profile': 'error',
  'profile-ignored': 'info',
  'unused-profile': 'info',
  // endpoints
  'unknown-node': 'warning',
  'duplicate-address': 'error',
  'outside-pools': 'warning',
  'no-interface': 'error',
  'shared-interface': 'error',
  'governs-nothing': 'warning',
  // host endpoints
  'closes-calico-port': 'error',
  'closes-typha': 'info',
  'cuts-neighbour-discovery': 'warning',
  // lint itself
  'unknown-suppression': 'warning',
} as const satisfies Readonly<Record<string, Severity>>;

export type LintCode = keyof typeof LINT_CODES;

/** Whether a word is the code of a finding. */
export function isLintCode(word: string): word is LintCode {
  return Object.hasOwn(LINT_CODES, word);
}
