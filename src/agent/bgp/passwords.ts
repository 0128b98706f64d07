const PREFIX = 'CALICO_BGP_PASSWORD_';

/**
 * The variable that has the password which key `key` of secret `secret` would have in Kubernetes (docs/node-agent.md): capitals, with `_`
 * for what no variable can have in its name.
 */
export function passwordVariable(secret: string, key: string): string {
  return `${PREFIX}${`${secret}_${key}`.replace(/[^a-zA-Z0-9]/g, '_').toUpperCase()}`;
}
