/** A page of the site. */
export interface SitePage {
  /** Where it is in the site: `manual/calicoctl-get.1.html`. */
  readonly path: string;
  /** What the page is called, without marks. */
  readonly title: string;
  /** What the navigation calls it, where that is shorter. */
  readonly short?: string;
  /** HTML below the navigation. */
  readonly body: string;
}

/** The way from one page to another, or to a file beside them; both are paths in the site. */
export function wayTo(from: string, to: string): string {
  return '../'.repeat(from.split('/').length - 1) + to;
}
