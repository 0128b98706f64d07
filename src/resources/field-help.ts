/**
 * What `explain` and `schema` say of fields. The texts stand in files of their own beside the declarations, `ip-pool.help.ts`
 * beside `ip-pool.ts`, which only those two commands load; their types follow from the declarations, so that a field without
 * help, or help for no field, does not compile.
 */

/**
 * A field that holds a value: a sentence; an example, which a document can hold; and what counts where the field is not
 * given, unless the kind fills that in itself (then `explain` asks the kind). Words for it say more than one case in brackets.
 */
export type ValueHelp = readonly [help: string, example: unknown, unset?: unknown];

/** A field that holds fields, itself or in a list. Without an example it is made of those that are required, else of the first. */
export interface GroupHelp<T extends object> {
  readonly help: string;
  readonly example?: unknown;
  readonly unset?: unknown;
  readonly fields: HelpOf<T>;
}

/** Help for each field of a value with this type. */
export type HelpOf<T extends object> = { readonly [Name in keyof T & string]-?: HelpFor<NonNullable<T[Name]>> };

type HelpFor<T> = [Inside<T>] extends [never] ? ValueHelp : GroupHelp<Inside<T>>;

/** The object whose fields are to be told: free keys are none. */
type Inside<T> = T extends readonly (infer Each)[] ? Inside<Each> : T extends object ? (string extends keyof T ? never : [keyof T] extends [never] ? never : T) : never;

/** The same where any kind will do. */
export type AnyHelp = ValueHelp | GroupOfAny;
export interface GroupOfAny {
  readonly help: string;
  readonly example?: unknown;
  readonly unset?: unknown;
  readonly fields: AnyHelps;
}
export type AnyHelps = Readonly<Record<string, AnyHelp>>;

/** Whether help is of a field that holds fields. */
export function isGroup(help: AnyHelp): help is GroupOfAny {
  return !Array.isArray(help);
}

/** What is said of a kind: one sentence, a whole document but for kind and apiVersion, and the fields of its sections. */
export interface KindHelp {
  readonly help: string;
  readonly example: { readonly metadata: Readonly<Record<string, unknown>>; readonly spec: Readonly<Record<string, unknown>> };
  readonly metadata: AnyHelps;
  readonly spec: AnyHelps;
  readonly status?: AnyHelps;
}

/** Values for what counts where a field is not given. */
export interface Varies {
  readonly varies: string;
}

/** What counts where nothing is given, where that is no one value. */
export function varies(text: string): Varies {
  return { varies: text };
}

/** Whether a default is words for one. */
export function isVaries(value: unknown): value is Varies {
  return typeof value === 'object' && value !== null && 'varies' in value;
}
