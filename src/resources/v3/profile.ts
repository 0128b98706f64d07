import { field, type Of } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import type { StoredKind, StoredObject } from '../kind.js';
import { labelsText } from '../plain-text.js';
import { nameColumn } from './columns.js';
import { labels } from './metadata.js';
import { subdomainProblem } from './names.js';
import { ruleList, type Rule } from './rules.js';

const spec = objectOf('the spec of a Profile', [
  field('ingress', ruleList),
  field('egress', ruleList),
  field('labelsToApply', labels, { mistakenFor: ['labels', 'tags'] }),
]);

/** The spec of a profile (reference/storage 3.7). */
export type ProfileSpec = Of<typeof spec>;

const allow: Rule = { action: 'Allow', source: {}, destination: {} };

/** The profile that every Calico network has without storing it (reference/storage 1.7). */
export const defaultAllowProfile: StoredObject<ProfileSpec> = {
  kind: 'Profile',
  apiVersion: 'projectcalico.org/v3',
  metadata: { name: 'projectcalico-default-allow', resourceVersion: '1' },
  spec: { ingress: [allow], egress: [allow] },
};

/** Profile: rules and labels for the endpoints that name it (reference/storage 3.7). */
export const profile: StoredKind<ProfileSpec> = {
  dialect: 'v3',
  kind: 'Profile',
  plural: 'profiles',
  namespaced: false,
  words: ['profile', 'profiles', 'pro', 'pros'],
  spec,
  nameProblem: subdomainProblem,
  readOnly: ({ metadata }) => (metadata.name === defaultAllowProfile.metadata.name ? `the profile ${metadata.name} is part of every Calico network and cannot be changed` : undefined),
  synthetic: [defaultAllowProfile],
  columns: { ps: [nameColumn], wide: [nameColumn, { heading: 'LABELS', cell: ({ spec }) => labelsText(spec.labelsToApply) }] },
};
