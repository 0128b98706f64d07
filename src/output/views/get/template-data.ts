import type { Data } from '../../../base/data.js';
import { Float, NilPointer, ofType, TemplateStruct, type TemplateValue } from '../../../go/template/index.js';
import type { Field, FieldType } from '../../../resources/fields/field.js';
import { sortKeys } from '../../../go/json.js';
import type { AnyDocument, Kind } from '../../../resources/kind.js';
import { kindOfDocument } from '../../../resources/registry.js';
import { documentFields } from '../../../resources/document-fields.js';
import type { Gathered } from './gather.js';

/**
 * What a template sees: the list of results, each a list object with its Items, or in v3 the object itself where it
 * was named (reference/classic 5.3).
 */
export function templateData(gathered: readonly Gathered[]): TemplateValue {
  const results = gathered.flatMap(({ selection, revision, views }): TemplateValue[] => {
    const items = views.map((view) => documentStruct(view.document));
    return selection.by === 'name' ? items : [new ListStruct(selection.kind, revision, items)];
  });
  return ofType(results, '[]runtime.Object');
}

function documentStruct(document: AnyDocument): TemplateValue {
  const kind = kindOfDocument(document.apiVersion, document.kind);
  if (kind === undefined) throw new Error(`no kind ${document.kind}`);
  return new DocumentStruct(kind, document);
}

/** `Kind`, `APIVersion` and `Items` of a list. */
class ListStruct extends TemplateStruct {
  readonly goType: string;

  constructor(
    private readonly kind: Kind,
    private readonly revision: string,
    private readonly items: readonly TemplateValue[],
  ) {
    super();
    this.goType = `*${kind.dialect === 'v1' ? 'api' : 'v3'}.${capitalised(kind.kind)}List`;
  }

  fieldOf(name: string): { readonly value: TemplateValue } | undefined {
    if (name === 'Kind') return { value: `${this.kind.kind}List` };
    if (name === 'APIVersion') return { value: this.kind.dialect === 'v1' ? 'v1' : 'projectcalico.org/v3' };
    if (name === 'ResourceVersion' && this.kind.dialect === 'v3') return { value: this.revision };
    return name === 'Items' ? { value: this.items } : undefined;
  }

  *values(): Iterable<TemplateValue> {
    yield `${this.kind.kind}List`;
    yield this.items;
  }
}

/** Fields of an object of a known type, by their Go names. */
class DataStruct extends TemplateStruct {
  constructor(
    readonly goType: string,
    private readonly fields: readonly Field[],
    private readonly data: Data,
  ) {
    super();
  }

  fieldOf(name: string): { readonly value: TemplateValue } | undefined {
    const field = this.fields.find((each) => goNameOf(each) === name);
    return field === undefined ? undefined : { value: fieldValue(field, this.data[field.name]) };
  }

  *values(): Iterable<TemplateValue> {
    for (const field of this.fields) yield fieldValue(field, this.data[field.name]);
  }
}

/** A whole document. In v3 the fields of its metadata are its own, as embedded structs are in Go. */
class DocumentStruct extends DataStruct {
  private readonly metadata: DataStruct | undefined;

  constructor(kind: Kind, document: AnyDocument) {
    const fields = documentFields(kind);
    super(`${kind.dialect === 'v1' ? 'api' : 'v3'}.${capitalised(kind.kind)}`, fields, document as unknown as Data);
    const metadata = fields.find((field) => field.name === 'metadata');
    this.metadata = kind.dialect === 'v1' || metadata?.type.fields === undefined ? undefined : new DataStruct('v1.ObjectMeta', metadata.type.fields, document.metadata);
  }

  override fieldOf(name: string): { readonly value: TemplateValue } | undefined {
    if (this.metadata !== undefined && name === 'ObjectMeta') return { value: this.metadata };
    return super.fieldOf(name) ?? this.metadata?.fieldOf(name);
  }
}

function fieldValue(field: Field, value: unknown): TemplateValue {
  if (value !== undefined && value !== null) return typedValue(field.type, value);
  if (field.write === 'given' || field.pointer === true) return field.type.fields === undefined ? null : new NilPointer(`*${capitalised(field.name)}`);
  if (field.type.fields !== undefined) return field.write === 'always' ? typedValue(field.type, {}) : new NilPointer(`*${capitalised(field.name)}`);
  return typedValue(field.type, field.type.standIn);
}

function typedValue(type: FieldType, value: unknown): TemplateValue {
  if (type.fields !== undefined) return new DataStruct(type.name, type.fields, value as Data);
  if (Array.isArray(value)) return value.map((item: unknown) => (type.element === undefined ? item : typedValue(type.element, item)));
  if (typeof value === 'object' && value !== null) return sortKeys(value as Record<string, TemplateValue>);
  return type.isFloat === true && typeof value === 'number' ? new Float(value) : value;
}

function goNameOf(field: Field): string {
  return field.goName ?? capitalised(field.name);
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
