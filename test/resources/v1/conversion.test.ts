import { isMap, type Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ConversionError, type ClassicDocument, type StoredObject } from '../../../src/resources/kind.js';
import { addressName, storedName, storedNameWithoutDots, storedNodeName, storedSelector } from '../../../src/resources/v1/names.js';
import { backendDocument, type BackendEntry } from '../../support/classic-backend.js';
import { cases, classicKind, plain } from '../../support/classic.js';

interface ConvertCase {
  readonly id: string;
  readonly group: 'convert' | 'backend' | 'convert-error' | 'helper';
  readonly name: string;
  readonly kind: string;
  readonly op: string;
  readonly input: ClassicDocument & string;
  readonly inputV1Backend?: BackendEntry;
  readonly expect?: Data & string;
  readonly expectPartial?: Data;
  readonly expectError?: string | true;
}

const HELPERS: Readonly<Record<string, (input: string) => string>> = {
  convertName: storedName,
  convertNameNoDots: storedNameWithoutDots,
  convertNodeName: storedNodeName,
  convertIpToName: addressName,
  convertSelector: storedSelector,
};

function inputOf({ kind, input, inputV1Backend }: ConvertCase): ClassicDocument {
  return inputV1Backend === undefined ? input : backendDocument(kind, inputV1Backend);
}

function converted(each: ConvertCase): StoredObject {
  const kind = classicKind(each.kind);
  const document = inputOf(each);
  const problem = kind.converterProblem?.(document);
  if (problem !== undefined) throw problem;
  return plain(kind.convert(document));
}

/** Without what the cases leave out: the namespace, and sides of rules that are empty. */
function comparable(object: unknown): unknown {
  if (Array.isArray(object)) return object.map(comparable);
  if (!isMap(object)) return object;
  const kept = Object.entries(object).filter(([key, value]) => !(['source', 'destination'].includes(key) && isMap(value) && Object.keys(value).length === 0) && key !== 'namespace');
  return Object.fromEntries(kept.map(([key, value]) => [key, comparable(value)]));
}

/** The value at `spec.ports[0].protocol` or `spec.ports.length`. */
function at(object: unknown, path: string): unknown {
  return path.split(/[.[\]]+/).filter((step) => step !== '').reduce((value: unknown, step) => (value as Data)[step], object);
}

describe("Calico's conversion of classic resources", () => {
  const { cases: all } = cases<{ cases: readonly ConvertCase[] }>('convert.json');

  it('has every case', () => expect(all.length).to.equal(121));

  for (const each of all) {
    it(`${each.id}: ${each.kind ?? each.op}: ${each.name}`, () => {
      if (each.group === 'helper') expect(HELPERS[each.op]?.(each.input)).to.equal(each.expect);
      else if (each.expectError === true) expect(() => converted(each)).to.throw();
      else if (each.expectError !== undefined) expect(() => converted(each)).to.throw(ConversionError).with.property('message', each.expectError);
      else if (each.expectPartial !== undefined) {
        const object = converted(each);
        expect(Object.fromEntries(Object.keys(each.expectPartial).map((path) => [path, at(object, path)]))).to.deep.equal(each.expectPartial);
      } else if (each.expect === undefined) expect(converted(each).kind).to.equal(classicKind(each.kind).stored.kind);
      else expect(comparable(converted(each))).to.deep.equal(comparable(each.expect));
    });
  }
});
