import type { Labels } from '../../../policy/effective-labels.js';
import type { Dialect } from '../../../resources/kind.js';
import { reasonsOf } from '../../../selector/reasons.js';
import type { Selector } from '../../../selector/selector.js';
import { reasonText } from './condition-text.js';

/** Why a selector matches labels, or does not: `has role=web and has no label x`. */
export function selectorReason(selector: Selector, labels: Labels, dialect: Dialect): string {
  return [...new Set(reasonsOf(selector, labels).map((reason) => reasonText(reason, { labels }, dialect)))].join(' and ');
}
