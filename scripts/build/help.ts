import { Config, Help, type Interfaces } from '@oclif/core';
import type { Manifest } from './manifest.js';
import { topicsOf } from './topics.js';

interface Facts {
  readonly root: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly oclif: object;
}

/** Keeps the lines of one help text instead of printing them. */
class RecordedHelp extends Help {
  readonly lines: string[] = [];

  protected override log(...args: string[]): void {
    this.lines.push(args.join(' '));
  }
}

const WIDTH = 80;

/** Breaks a line that starts at the margin: oclif prints the sentence at the top of a text as it is. */
function wrapped(line: string): string {
  if (line.length <= WIDTH || line.startsWith(' ')) return line;
  const end = line.lastIndexOf(' ', WIDTH);
  return end === -1 ? line : `${line.slice(0, end)}\n${wrapped(line.slice(end + 1))}`;
}

/** Every help text, plain and 80 columns wide, as `--help` prints it: by command or topic, written with spaces; '' is the tool's own. */
export async function renderHelp(manifest: Manifest, facts: Facts): Promise<Record<string, string>> {
  process.env.CALICOCTL_DISABLE_THEME = 'true';
  process.env.NO_COLOR = '1';
  const ids = Object.keys(manifest.commands);
  const topics = ['', ...topicsOf(ids.map((id) => id.replaceAll(':', ' '))).map((topic) => topic.replaceAll(' ', ':'))];
  const texts: Record<string, string> = {};
  for (const id of new Set([...topics, ...ids])) {
    const config = await inMemoryConfig(manifest, facts);
    const help = new RecordedHelp(config, { stripAnsi: true, maxWidth: WIDTH });
    await help.showHelp(id === '' ? [] : [id]);
    const text = `${help.lines.join('\n').trimEnd().split('\n').map(wrapped).join('\n')}\n`;
    for (const name of [id, ...(manifest.commands[id]?.aliases ?? [])]) texts[name.replaceAll(':', ' ')] = text;
  }
  return texts;
}

/** oclif's configuration out of the manifest alone. A new one for each text: rendering changes the ids of commands. */
async function inMemoryConfig(manifest: Manifest, facts: Facts): Promise<Config> {
  const pjson = { ...facts } as unknown as Interfaces.PJSON;
  const { topics = {} } = facts.oclif as { topics?: Record<string, { description: string }> };
  const plugin = {
    name: facts.name, version: facts.version, root: facts.root, type: 'core', valid: true, pjson, hooks: {}, hasManifest: true, options: { root: facts.root },
    commandIDs: Object.keys(manifest.commands),
    commands: structuredClone(Object.values(manifest.commands)),
    topics: Object.entries(topics).map(([name, topic]) => ({ name, ...topic })),
  } as unknown as Interfaces.Plugin;
  const config = await Config.load({ root: facts.root, pjson, plugins: new Map([[facts.name, plugin]]), userPlugins: false, devPlugins: false });
  config.userAgent = `${facts.name} ${facts.version}`;
  return config;
}
