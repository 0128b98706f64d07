import { field } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { bool, text } from '../fields/scalars.js';

/** A password kept in a secret (reference/storage 3.1). */
export const secretPassword = objectOf('a password', [
  field(
    'secretKeyRef',
    objectOf('a reference to a secret', [
      field('name', text({ name: 'the name of a secret', neverCoerced: true })),
      field('key', text({ name: 'a key of the secret' }), { write: 'always' }),
      field('optional', bool, { write: 'given' }),
    ]),
    { write: 'given' },
  ),
]);
