/**
 * The name of the file by which a node says that an endpoint is programmed and up (reference/felix 5.2).
 * @param id the workload, `NAMESPACE/NAME`
 */
export function statusFileName(orchestrator: string, id: string, endpoint: string): string {
  return `${orchestrator} ${escapedId(id, 'F')} ${endpoint}`;
}

/** Keys and files write the slash of a workload in different letter cases. */
export function escapedId(id: string, letter: 'f' | 'F'): string {
  return id.replaceAll('%', '%25').replaceAll('/', `%2${letter}`);
}
