import { readdirSync, readFileSync } from 'node:fs';
import { birdObjects } from '../../../src/bgp/bird/stored-objects.js';
import { renderBird, type RenderedBird } from '../../../src/bgp/bird/files.js';
import { localWorkload } from '../../../src/bgp/bird/workload.js';

const FOLDER = 'test/cases/dataplane/confd';

/** What confd of Calico 3.32.1 made of a store: each file as its statements, without comments, one blank between words. */
export interface RecordedBird {
  readonly name: string;
  readonly about: string;
  readonly node: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly endpoint_status_files: Readonly<Record<string, string>>;
  readonly store: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** What BIRD 1.6.8 of Debian says of the main files. */
  readonly bird_1_6_8: Readonly<Record<string, string>>;
}

/** All recordings. */
export const RECORDED: readonly RecordedBird[] = readdirSync(FOLDER).map((file) => JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as RecordedBird);

/** The recording of a name. */
export function recorded(name: string): RecordedBird {
  return RECORDED.find((each) => each.name === name) as RecordedBird;
}

/** What we make of the same, by name of the file. */
export function renderedOf({ store, node, environment, endpoint_status_files: statuses }: Pick<RecordedBird, 'store' | 'node' | 'environment' | 'endpoint_status_files'>, passwords: Readonly<Record<string, string>> = {}): RenderedBird & { readonly texts: ReadonlyMap<string, string> } {
  const remarks: string[] = [];
  const entries = Object.keys(store).sort().map((key) => ({ key, value: store[key] as string, modRevision: '1' }));
  const objects = birdObjects(node, entries, Object.values(statuses).flatMap((text) => localWorkload(text) ?? []), (text) => remarks.push(text));
  const settings = { node, routerId: environment['CALICO_ROUTER_ID'], clusterIps: environment['CALICO_ADVERTISE_CLUSTER_IPS'], password: (secret: string, key: string) => passwords[`${secret} ${key}`] };
  const made = renderBird(objects, settings);
  if (made === undefined) throw new Error(`no node ${node}`);
  const texts = [4, 6].flatMap((family) => {
    const files = made.families[family as 4 | 6];
    return 'problem' in files ? [] : [...files.texts];
  });
  return { ...made, remarks: [...remarks, ...made.remarks], texts: new Map(texts) };
}

const WORD = /"[^"\n]*"|'[^'\n]*'|#[^\n]*|[\w.:/@-]+|\S/g;

/** The statements of a file, as they are recorded. */
export function statements(text: string): string[] {
  const out: string[] = [];
  let now: string[] = [];
  let inside = 0;
  for (const [word] of text.matchAll(WORD)) {
    if (word.startsWith('#')) continue;
    now.push(word);
    inside += Number(word === '[') - Number(word === ']');
    if (![';', '{', '}'].includes(word) || inside > 0) continue;
    if (now.join('') === ';' && out.at(-1)?.endsWith('}') === true) out.push(`${out.pop() as string} ;`);
    else out.push(now.join(' '));
    now = [];
  }
  return now.length === 0 ? out : [...out, now.join(' ')];
}
