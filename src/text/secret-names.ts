/** Names, in lower case without dashes and the like, whose values are secrets. A key that names a file is not a secret. */
const SECRET_NAME =
  /pass(?:wor[dt]|wd|phrase|code)|(?<!by|com|sur|tres)pass$|pwd$|psk$|^pin$|secret|token|credential|creds?$|authorization|bearer|cookies?$|sessionid|(?:api|private|access|client|server|etcd|tls|ssl|ssh|rsa|master|shared|signing|encryption|preshared)key(?!file|path)|^(?:key|auth)$|keydata$/;

/** Whether what stands under a name, at any depth, is never repeated. */
export function isSecretName(name: string): boolean {
  const bare = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return SECRET_NAME.test(bare) && !/(?:file|path)$/.test(bare);
}

/** Names inside a line, as YAML, JSON and shells have them. */
const NAMES = /["']?([\w./-]+)["']?\s*(?::|=(?!=))/g;
/** A private key or a certificate, and the user part of a URL. */
const SECRET_TEXT = /-----(?:BEGIN|END) |:\/\/[^\s/@]+@/;

/** Whether a line gives a value a secret name, or holds what is a secret by itself. */
export function namesSecret(line: string): boolean {
  return SECRET_TEXT.test(line) || secretNameIn(line) !== -1;
}

/** Where the first secret name of a line stands, or -1. */
export function secretNameIn(line: string): number {
  for (const { 1: name = '', index } of line.matchAll(NAMES)) if (isSecretName(name)) return index;
  return -1;
}

/** How many steps of a path lead to the first secret name of it, that one included; 0 where there is none. */
export function stepsToSecret(path: readonly (string | number)[]): number {
  return path.findIndex((step) => typeof step === 'string' && isSecretName(step)) + 1;
}
