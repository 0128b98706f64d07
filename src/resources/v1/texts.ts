import { mapOf } from '../fields/collections.js';
import { text } from '../fields/scalars.js';
import { INTERFACE_SCHEMA, interfaceProblem } from '../v3/host-endpoint.js';

// The character classes of names (reference/classic 1.1).
const NAME = /^[a-zA-Z0-9_.-]{1,128}$/;
const SLASHED_NAME = /^[a-zA-Z0-9_./-]{1,128}$/;
const LABEL_KEY = /^[a-zA-Z0-9_./-]{1,512}$/;
const LABEL_VALUE = /^[a-zA-Z0-9]?([a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?$/;
const NAME_RULE = '1 to 128 letters, digits, "_", "." and "-"';
const SLASHED_RULE = '1 to 128 letters, digits, "_", ".", "/" and "-"';

/** The name of a node. An empty one counts as absent. */
export const nodeName = text({ name: 'the name of a node', pattern: NAME, rule: NAME_RULE });

/** What the orchestrator calls an instance of a workload. */
export const instanceName = text({ name: 'an instance of a workload', pattern: NAME, rule: NAME_RULE });

/** A name that may have slashes: of a policy, a profile, an endpoint, a workload or an orchestrator. An empty one counts as absent. */
export const slashedName = text({ name: 'a name', pattern: SLASHED_NAME, rule: SLASHED_RULE });

/** The name of a profile in a list of them. */
export const profileReference = text({ name: 'the name of a profile', pattern: SLASHED_NAME, rule: SLASHED_RULE, checkEmpty: true });

const TAG = { name: 'a tag', pattern: NAME, rule: NAME_RULE };

/** The tag that a rule matches. An empty one counts as absent. */
export const ruleTag = text(TAG);

/** A tag in a profile's list of them. */
export const profileTag = text({ ...TAG, checkEmpty: true });

const INTERFACE = 'the name of an interface';

/** The name of a host's interface: what Calico 3 takes, VLANs (`bond1.207`) and `*` included, which the classic tool did not know. An empty one counts as absent. */
export const hostInterface = text({ name: INTERFACE, problem: interfaceProblem, json: INTERFACE_SCHEMA });

/** The name of a workload's interface. */
export const workloadInterface = text({ name: INTERFACE, pattern: /^[a-zA-Z0-9_-]{1,15}$/, rule: '1 to 15 letters, digits, "_" and "-"', checkEmpty: true });

/** Labels of the classic language: values of at most 63 characters that end in a letter or digit. */
export const labels = mapOf(
  text({ name: "a label's value", pattern: LABEL_VALUE, rule: 'at most 63 letters, digits, "_", "." and "-", a letter or digit at the end' }),
  {
    name: 'a map of labels',
    keyJson: { pattern: LABEL_KEY.source },
    keyProblem: (key) => (LABEL_KEY.test(key) ? undefined : `${JSON.stringify(key)} is not a label key (1 to 512 letters, digits, "_", ".", "/" and "-")`),
  },
);
