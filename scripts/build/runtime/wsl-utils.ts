/** oclif asks this package at every start whether it runs on Windows, only to name the platform in its user agent, which we do not send. */
export const isWsl = false;
