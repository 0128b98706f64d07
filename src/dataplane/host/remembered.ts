/** A value, and what it was made of: it is made anew where one of its inputs, or one element of an input that is a list, is not the identical one. */
export class Remembered<T> {
  private last: { readonly inputs: readonly unknown[]; readonly value: T } | undefined;

  get(inputs: readonly unknown[], make: () => T): T {
    if (this.last === undefined || !isSame(this.last.inputs, inputs)) this.last = { inputs, value: make() };
    return this.last.value;
  }
}

function isSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && before.every((each, at) => each === now[at] || (Array.isArray(each) && Array.isArray(now[at]) && isSame(each, now[at])));
}
