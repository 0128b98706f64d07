/** Help for a password that is kept in a secret. */
export const passwordHelp = {
  secretKeyRef: {
    help: 'The Kubernetes secret, in the namespace of calico-node, that has the password.',
    example: { name: 'bgp-secrets', key: 'password' },
    fields: {
      name: ['The name of the secret.', 'bgp-secrets'],
      key: ['The key of the secret under which the password stands.', 'password'],
      optional: ['Whether the session comes up without a password where secret or key are missing.', true, false],
    },
  },
} as const;

/** An example of such a password. */
export const PASSWORD = { secretKeyRef: { name: 'bgp-secrets', key: 'password' } };
