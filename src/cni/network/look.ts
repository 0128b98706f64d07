import { CalicoError } from '../../base/errors.js';
import type { Run } from '../../host/run.js';
import { readLinks, type HostLink } from '../../host/links.js';

/** An interface as it is, with the routes through it; undefined where there is none of its name. */
export interface Look {
  readonly link: HostLink;
  /** Where they lead, as `ip` writes it: `default`, an address, a network. */
  readonly routes: readonly Route[];
}

export interface Route {
  readonly version: 4 | 6;
  readonly dst: string;
  readonly gateway: string | undefined;
}

/** Looks at an interface where commands run. Throws CalicoError. */
export async function lookAt(run: Run, name: string): Promise<Look | undefined> {
  const shown = await run(['ip', '-json', 'address', 'show', 'dev', name]).catch((error: unknown) => {
    if (error instanceof CalicoError && error.message.includes('does not exist')) return '[]';
    throw error;
  });
  const link = readLinks(shown).find((each) => each.name === name);
  if (link === undefined) return undefined;
  return { link, routes: [...(await routesOf(run, name, 4)), ...(await routesOf(run, name, 6))] };
}

async function routesOf(run: Run, name: string, version: 4 | 6): Promise<readonly Route[]> {
  const shown = await run(['ip', '-json', `-${version}`, 'route', 'show', 'dev', name]);
  const routes = JSON.parse(shown === '' ? '[]' : shown) as readonly { readonly dst?: string; readonly gateway?: string }[];
  return routes.flatMap(({ dst, gateway }) => (dst === undefined ? [] : [{ version, dst, gateway }]));
}
