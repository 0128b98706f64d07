/** Help for a named port of an endpoint. */
export const portHelp = {
  name: ['The name by which rules may call the port.', 'http'],
  protocol: ['The protocol of the port.', 'TCP'],
  port: ['The number of the port.', 8080],
} as const;
