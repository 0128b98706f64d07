import { listOf, mapOf } from '../fields/collections.js';
import { field, wrongValue, type FieldType } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { bool, integer, text } from '../fields/scalars.js';
import { labelValueProblem, NAME_SCHEMAS, qualifiedNameProblem } from './names.js';

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const ANNOTATIONS_LIMIT = 256 * 1024;

const time = text({
  name: 'a time such as 2026-11-20T23:30:00Z',
  json: { pattern: RFC3339.source },
  problem: (value) => (RFC3339.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : `"${value}" is not a time such as 2026-11-20T23:30:00Z`),
});

/** Labels as Kubernetes allows them. */
export const labels = mapOf(text({ name: "a label's value", problem: labelValueProblem, json: NAME_SCHEMAS.labelValue }), {
  name: 'a map of labels',
  keyProblem: qualifiedNameProblem,
  keyJson: NAME_SCHEMAS.qualified,
});

/** Annotations as Kubernetes allows them. */
export const annotations = mapOf(text(), {
  name: 'a map of annotations',
  // Kubernetes checks annotation keys in lower case.
  keyProblem: (key) => qualifiedNameProblem(key.toLowerCase()),
  keyJson: { pattern: NAME_SCHEMAS.qualified.pattern.replaceAll('a-z', 'A-Za-z') },
  check(value, path, to) {
    let size = 0;
    for (const key of Object.keys(value)) size += Buffer.byteLength(key) + Buffer.byteLength(value[key]!);
    if (size > ANNOTATIONS_LIMIT) wrongValue(`annotations may have ${ANNOTATIONS_LIMIT} bytes in all, these have ${size}`, path, to);
  },
});

const ownerReference = objectOf('an owner reference', [
  field('apiVersion', text(), { write: 'always' }),
  field('kind', text(), { write: 'always' }),
  field('name', text(), { write: 'always' }),
  field('uid', text(), { write: 'always' }),
  field('controller', bool, { write: 'given' }),
  field('blockOwnerDeletion', bool, { write: 'given' }),
]);

/** Who wrote which fields: Kubernetes' book-keeping, in manifests that were copied from there. It is never stored, so whatever it says will do. */
const managedFields: FieldType = listOf({ name: 'an entry of managedFields', standIn: {}, isZero: () => false, decode: (raw) => raw });

/** Metadata of a v3 document, in the order of the stored JSON (reference/storage 2.2). */
export const metadataType = objectOf('metadata', [
  field('name', text()),
  field('generateName', text()),
  field('namespace', text()),
  field('selfLink', text()),
  field('uid', text()),
  // Only in documents and answers: the revision at which the key was changed. Never stored.
  field('resourceVersion', text()),
  field('generation', integer({ name: 'a generation' })),
  field('creationTimestamp', time),
  field('deletionTimestamp', time),
  field('deletionGracePeriodSeconds', integer({ name: 'a number of seconds' }), { write: 'given' }),
  field('labels', labels),
  field('annotations', annotations),
  field('ownerReferences', listOf(ownerReference)),
  field('finalizers', listOf(text())),
  field('managedFields', managedFields),
]);
