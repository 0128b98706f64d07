import { LINT_CODES } from '../../insight/lint/codes.js';
import { FORMAT_WORDS } from '../../get/format.js';
import { REPAIRABLE } from '../../ipam/operations/repair-findings.js';
import { METHOD_WORDS } from '../../host/addresses/autodetect.js';
import { PROTOCOL_NAMES } from '../../resources/v1/numbers.js';

/**
 * Words that stand for values in help, with all that may be written for them. An end in capitals is looked up in turn: `jsonpath-file=FILE`.
 * Those that depend on what is stored are in `live/look-up.ts`. The build reads this; nothing else loads it.
 */
export const VALUE_LISTS: Readonly<Record<string, readonly string[]>> = {
  CODE: Object.keys(LINT_CODES),
  FINDING: REPAIRABLE,
  FORMAT: FORMAT_WORDS,
  METHOD: METHOD_WORDS,
  PROTOCOL: PROTOCOL_NAMES,
};
