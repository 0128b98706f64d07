import { expect } from 'chai';
import { CORE_SCHEMA, load } from 'js-yaml';
import { describe, it } from 'mocha';
import { readFileSync } from 'node:fs';
import { goJsonIndented } from '../../src/go/indented-json.js';
import { jsonListObject, yamlListObject, type ListHead, type ListPrinter } from '../../src/output/formats/lists.js';
import { goYaml } from '../../src/go/yaml.js';

/** What `get -o yaml` and `get -o json` of the official tool printed for the same objects. */
interface Golden {
  readonly source: string;
  readonly command: string;
  readonly yaml?: string;
  readonly json?: string;
}

interface ListObject extends ListHead {
  readonly items: readonly unknown[];
}

const golden = JSON.parse(readFileSync(new URL('../cases/output/golden-get.json', import.meta.url), 'utf8')) as Golden[];

function isListObject(value: unknown): value is ListObject {
  return typeof value === 'object' && value !== null && 'items' in value;
}

function printed(list: ListPrinter, items: readonly unknown[]): string {
  return items.map((item) => list.place(list.render(item))).join('') + list.end();
}

describe('get -o yaml and json, against recorded output', () => {
  for (const { source, command, yaml, json } of golden) {
    if (json !== undefined) {
      it(`${source}: ${command} as JSON`, () => {
        const value: unknown = JSON.parse(json);
        expect(goJsonIndented(value)).to.equal(json);
        if (isListObject(value)) expect(printed(jsonListObject(value), value.items)).to.equal(json);
      });
    }
    if (yaml !== undefined) {
      it(`${source}: ${command} as YAML${json === undefined ? '' : ', from the JSON'}`, () => {
        const value = (json === undefined ? load(yaml, { schema: CORE_SCHEMA }) : JSON.parse(json)) as object;
        expect(goYaml(value)).to.equal(yaml);
        if (isListObject(value)) expect(printed(yamlListObject(value), value.items)).to.equal(yaml);
      });
    }
  }
});
