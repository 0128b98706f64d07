/** The name of the file of a bundle. */
export function bundleName(bundle: string): string {
  return `calicoctl-${bundle}.js`;
}

/** The name of the file that holds V8's code cache of a command. */
export function cacheName(command: string): string {
  return `${command.replaceAll(' ', '-')}.bin`;
}
