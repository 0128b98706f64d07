import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Answers as an engine would on which no container runs until `run` was called, and writes down how it was called. */
const SCRIPT = `#!/bin/sh
folder=$(dirname "$0")
for word in "$@"; do printf '%s\\0' "$word" >> "$folder/calls"; done
printf '\\n\\0' >> "$folder/calls"
[ ! -e "$folder/hanging" ] || { echo hanging; exec sleep 1000; }
case "$1 $2" in
    'container inspect')
        [ -e "$folder/started" ] || { echo 'Error: No such container: calico-node' >&2; exit 1; }
        echo '[{"State":{"Status":"running","Running":true},"Config":{"Env":["NODENAME=x","CALICO_NETWORKING_BACKEND=bird"]}}]' ;;
    'image inspect') if [ -e "$folder/image" ]; then cat "$folder/image"; else echo '[{"Id":"sha256:0"}]'; fi ;;
    'run --rm') cat "$folder/versions" ;;
    'run '*)
        [ ! -e "$folder/refusal" ] || { cat "$folder/refusal" >&2; exit 125; }
        : > "$folder/started"; env > "$folder/environment"; echo 4711 ;;
    'logs '*) echo 'Calico node started successfully' ;;
esac
`;

/** A program that stands for an engine, for what no real one can be made to do. */
export class FakeEngine {
  private constructor(
    readonly name: string,
    /** The folder that holds the program, to be put on PATH. */
    readonly folder: string,
  ) {}

  static make(name: string): FakeEngine {
    const folder = mkdtempSync(join(tmpdir(), 'calicoctl-engine-'));
    writeFileSync(join(folder, name), SCRIPT);
    chmodSync(join(folder, name), 0o755);
    return new FakeEngine(name, folder);
  }

  /** The words of every call since the last time this was asked; calls that look at the container are left out. */
  calls(): string[][] {
    const file = join(this.folder, 'calls');
    const words = existsSync(file) ? readFileSync(file, 'utf8').split('\0').slice(0, -1) : [];
    for (const each of ['calls', 'started']) rmSync(join(this.folder, each), { force: true });
    const calls: string[][] = [[]];
    for (const word of words) {
      if (word === '\n') calls.push([]);
      else calls.at(-1)?.push(word);
    }
    return calls.slice(0, -1).filter(([verb]) => verb !== 'container');
  }

  /** From now on `run` fails with these words. */
  refuse(words: string): void {
    writeFileSync(join(this.folder, 'refusal'), words);
  }

  /** From now on the image is this one, and the programs in it say this of their version. */
  holdImage(facts: Readonly<Record<string, unknown>>, versions = ''): void {
    writeFileSync(join(this.folder, 'image'), JSON.stringify([facts]));
    writeFileSync(join(this.folder, 'versions'), versions);
  }

  /** From now on no call ends. */
  hang(): void {
    writeFileSync(join(this.folder, 'hanging'), '');
  }

  /** The environment that `run` was called in. */
  environment(): string[] {
    return readFileSync(join(this.folder, 'environment'), 'utf8').split('\n');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
