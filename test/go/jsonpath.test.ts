import { expect } from 'chai';
import { describe, it } from 'mocha';
import { CalicoError } from '../../src/base/errors.js';
import { readJsonPath, readPath } from '../../src/go/jsonpath/template.js';

const STORE = {
  Name: 'jsonpath',
  Book: [
    { Category: 'reference', Author: 'Nigel Rees', Title: 'Sayings of the Century', Price: 8.95 },
    { Category: 'fiction', Author: 'Evelyn Waugh', Title: 'Sword of Honour', Price: 12.99 },
    { Category: 'fiction', Author: 'Herman Melville', Title: 'Moby Dick', Price: 8.99 },
  ],
  Bicycle: [{ Color: 'red', Price: 19.95, IsNew: true }, { Color: 'green', Price: 20.01, IsNew: false }],
  Labels: { engineer: 10, 'web/html': 15, 'k8s-app': 20, 'a.b/c d': 25, big: 9007199254740993n },
  Nothing: null,
  Empty: [],
};

const NODES = {
  kind: 'List',
  items: [
    { kind: 'None', metadata: { name: '127.0.0.1', labels: { 'kubernetes.io/hostname': '127.0.0.1' } }, status: { capacity: { cpu: '4' }, ready: true, addresses: [{ type: 'Legacy', address: '127.0.0.1' }] } },
    { kind: 'None', metadata: { name: '127.0.0.2', labels: { 'kubernetes.io/hostname': '127.0.0.2' } }, status: { capacity: { cpu: '8' }, ready: false, addresses: [{ type: 'Legacy', address: '127.0.0.2' }, { type: 'another', address: '127.0.0.3' }] } },
  ],
  users: [{ name: 'myself', user: {} }, { name: 'e2e', user: { username: 'admin', password: 'secret' } }],
};

const FIVE = [0, 1, 2, 3, 4];

/** What k8s.io/client-go/util/jsonpath is tested with, and what kubectl's documentation shows, by their meaning. */
const PRINTED: readonly (readonly [template: string, data: unknown, want: string])[] = [
  ['hello {.Name}', STORE, 'hello jsonpath'],
  ['{.Name}\n', STORE, 'jsonpath\n'],
  ['{"{"}{.Name}{"\\n"}', STORE, '{jsonpath\n'],
  ["{'\\t'}{.Name}{\"\\u00e9\"}", STORE, '\tjsonpath\u00e9'],
  ['{.Name}{"it\'s \\"so\\""}', STORE, 'jsonpathit\'s "so"'],
  ["{.Name}{'it\\'s \"so\"'}", STORE, 'jsonpathit\'s "so"'],
  ['{$.Labels.web/html}', STORE, '15'],
  ['{.Labels.k8s-app}', STORE, '20'],
  ["{.Labels['web/html']}", STORE, '15'],
  ['{.Labels["web/html"]}', STORE, '15'],
  ["{.Labels['a.b/c d']}", STORE, '25'],
  ['{.Labels.a\\.b/c\\ d}', STORE, '25'],
  ['{.Labels.big}', STORE, '9007199254740993'],
  ['{ .Bicycle[*].Color }', STORE, 'red green'],
  ['{.Bicycle.*.Color}', STORE, 'red green'],
  ['{range .Bicycle[*]}{ "{" }{ @.* }{ "} " }{end}', STORE, '{red 19.95 true} {green 20.01 false} '],
  ['{..Price}', STORE, '8.95 12.99 8.99 19.95 20.01'],
  ['{...Price}', STORE, '8.95 12.99 8.99 19.95 20.01'],
  ['{.Bicycle}', STORE, '[{"Color":"red","IsNew":true,"Price":19.95},{"Color":"green","IsNew":false,"Price":20.01}]'],
  ['{.Book[-1:]}', STORE, '{"Author":"Herman Melville","Category":"fiction","Price":8.99,"Title":"Moby Dick"}'],
  ['{..Book[2].Title}', STORE, 'Moby Dick'],
  ['{.Bicycle[?(@.IsNew==true)].Color}', STORE, 'red'],
  ['{.Bicycle[?(.IsNew == false)].Color}', STORE, 'green'],
  ['{.Book[?(@.Price<9)].Title}', STORE, 'Sayings of the Century Moby Dick'],
  ['{.Book[?(@.Price >= 12.99)].Title}', STORE, 'Sword of Honour'],
  ["{.Book[?(@.Author!='Nigel Rees')].Price}", STORE, '12.99 8.99'],
  ['{.Book[?(@.Title=="x(y)]")].Price}', STORE, ''],
  ['{.hello}', STORE, ''],
  ['before-{.hello}after', STORE, 'before-after'],
  ['{.hello[0].x[*].y}', STORE, ''],
  ['{.Name.first}', STORE, ''],
  ['{.Nothing}', STORE, 'null'],
  ['{.Nothing[*]}{.Nothing[0]}', STORE, ''],
  ['{.Empty}{.Empty[*]}', STORE, '[]'],
  ['{..}', [1, 2, 3], '[1,2,3]'],
  ['{.}', [1, 2, 3], '[1,2,3]'],
  ['{@}', { b: 1, a: '<' }, '{"a":"\\u003c","b":1}'],
  ['{[?(@<5)]}', [2, 6, 3, 7], '2 3'],
  ['{[1,3,4]}', FIVE, '1 3 4'],
  ['{[0, 3:]}', FIVE, '0 3 4'],
  ['{[0:2]}', ['Monday', 'Tuesday'], 'Monday Tuesday'],
  ['{[*]}', FIVE, '0 1 2 3 4'],
  ['{[-2]}', FIVE, '3'],
  ['{[:2]}', FIVE, '0 1'],
  ['{[:4:2]}', FIVE, '0 2'],
  ['{[::2]}', FIVE, '0 2 4'],
  ['{[1::2]}', FIVE, '1 3'],
  ['{[0:5:]}', FIVE, '0 1 2 3 4'],
  ['{[0:-1]}', FIVE, '0 1 2 3'],
  ['{[0:0]}', FIVE, ''],
  ['{[9:9]}', FIVE, ''],
  ['{[-5:]}', FIVE, '0 1 2 3 4'],
  ['{[?(@.z)].id}', [{ id: 'i1', x: 4 }, { id: 'i2', z: 1 }], 'i2'],
  ["{[0]['id']}", [{ id: 'i1' }], 'i1'],
  ['{range .items[*]}{.metadata.name}, {end}{.kind}', NODES, '127.0.0.1, 127.0.0.2, List'],
  ['{range .items[*]}{.metadata.name}{"\\t"}{end}', NODES, '127.0.0.1\t127.0.0.2\t'],
  ['{.items[*].status.addresses[*].address}', NODES, '127.0.0.1 127.0.0.2 127.0.0.3'],
  ['{range .items[*]}{range .status.addresses[*]}{.address}, {end}{end}', NODES, '127.0.0.1, 127.0.0.2, 127.0.0.3, '],
  ['{range .items[*]}{.metadata.name}:{range @.status.addresses[*]}{.type},{end}+{end}!', NODES, '127.0.0.1:Legacy,+127.0.0.2:Legacy,another,+!'],
  ["{.items[*]['metadata.name', 'status.capacity']}", NODES, '127.0.0.1 127.0.0.2 {"cpu":"4"} {"cpu":"8"}'],
  ['{range .items[*]}[{.metadata.name}, {.status.capacity}] {end}', NODES, '[127.0.0.1, {"cpu":"4"}] [127.0.0.2, {"cpu":"8"}] '],
  ['{.users[?(@.name=="e2e")].user.password}', NODES, 'secret'],
  ['{.items[0].metadata.labels.kubernetes\\.io/hostname}', NODES, '127.0.0.1'],
  ['{.items[?(@.metadata.labels.kubernetes\\.io/hostname=="127.0.0.1")].kind}', NODES, 'None'],
  ['{.items[?(@..ready==true)].metadata.name}', NODES, '127.0.0.1'],
  ['{..name}', NODES, '127.0.0.1 127.0.0.2 myself e2e'],
  ['{..[?(@.type=="another")].address}', NODES, '127.0.0.3'],
  ['{range .nothing[*]}{.metadata.name}{range .x[*]}{.y}{end}{end}', NODES, ''],
  ['{range .items[?(@.missing=="x")]}{.metadata.name}{end}', NODES, ''],
];

const WRONG: readonly (readonly [template: string, message: string])[] = [
  ['plain', 'x: column 1: expected a path in braces, found none'],
  ['a {.b', 'x: column 3: expected a "}" for the "{" that is here, found none'],
  ['{hello}', 'x: column 2: expected a path, found the word hello'],
  ['{.a}{end}', 'x: column 5: expected a {range} before this {end}, found none'],
  ['{range .a[*]}{.b}', 'x: column 1: expected an {end} for the {range} that begins here, found none'],
  ['{.a[}', 'x: column 5: expected an index, a slice such as 1:3, a key in quotes, "*" or "?(", found "}"'],
  ['{.a[1}', 'x: column 6: expected "]", found "}"'],
  ['{.a[0:6:0]}', 'x: column 5: expected a step above 0, found 0'],
  ['{.a[?(@.b<>10)]}', 'x: column 10: expected one of == != < <= > >=, found <>'],
  ['{.a[?(@.b="y")]}', 'x: column 10: expected one of == != < <= > >=, found ='],
  ['{.a[?(@.b==y)]}', 'x: column 12: expected a path, found the word y'],
  ['{.a[?(@.b=="y"]}', 'x: column 15: expected ")]", found "]"'],
  ['{.a[?(@.b=="y" && @.c)]}', 'x: column 16: expected ")]": a filter has one comparison'],
  ['{.a[?()]}', 'x: column 7: expected a condition such as @.name == "a", found nothing'],
  ['{"a}', 'x: column 2: expected a closing " for the text that begins here'],
  ['{"\\q"}', 'x: column 2: "\\q" holds an escape that there is not'],
  ['{....a}', 'x: column 2: expected one "..", found several'],
  ['{.a}\n{.b#}{', 'x: line 2, column 6: expected a "}" for the "{" that is here, found none'],
];

const FAILING: readonly (readonly [template: string, data: unknown, message: string])[] = [
  ['{.Labels[0]}', STORE, 'x: column 10: a map is not a list'],
  ['{.Name[*]}', STORE, 'x: column 8: "jsonpath" is not a list'],
  ['{.Name[?(@.a)]}', STORE, 'x: column 7: "jsonpath" is not a list'],
  ['{[5]}', FIVE, 'x: column 3: the list has no element 5: its length is 5'],
  ['{[-6]}', FIVE, 'x: column 3: the list has no element -6: its length is 5'],
  ['{[0:6]}', FIVE, 'x: column 3: the list has no element 5: its length is 5'],
  ['{[-1:0]}', FIVE, 'x: column 3: the slice begins at 4, behind its end 0'],
  ['{[3:1]}', FIVE, 'x: column 3: the slice begins at 3, behind its end 1'],
  ['{.Book[?(@.* == 1)]}', STORE, 'x: column 7: only one value can be compared with another, and there are several'],
  ['{.Book[?(@.Price < "a")]}', STORE, 'x: column 7: 8.95 and "a" have no order'],
];

function errorOf(work: () => unknown): CalicoError {
  try {
    work();
  } catch (error) {
    if (error instanceof CalicoError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('jsonpath', () => {
  for (const [template, data, want] of PRINTED) it(template, () => expect(readJsonPath(template, 'x').print(data)).to.equal(want));

  for (const [template, message] of WRONG) {
    it(`${template} is refused`, () => {
      const { message: said, meaning } = errorOf(() => readJsonPath(template, 'x'));
      expect({ said, meaning }).to.deep.equal({ said: message, meaning: 'invalid-request' });
    });
  }

  for (const [template, data, message] of FAILING) {
    it(`${template} does not fit`, () => {
      const ready = readJsonPath(template, 'x');
      const { message: said, meaning } = errorOf(() => ready.print(data));
      expect({ said, meaning }).to.deep.equal({ said: message, meaning: 'failed' });
    });
  }

  it('gives up what is nested too deeply', () => {
    const { message } = errorOf(() => readJsonPath(`{${'.a[?('.repeat(20_000)}`, 'x'));
    expect(message).to.equal('x: too deeply nested');
  });
});

describe('paths', () => {
  for (const text of ['Bicycle[0].Color', '.Bicycle[0].Color', '{.Bicycle[0].Color}', '{Bicycle[0].Color}', '$.Bicycle[0].Color', "['Bicycle'][0].Color"]) {
    it(text, () => expect(readPath(text, 'x').from(STORE)).to.deep.equal(['red']));
  }

  for (const [text, column] of [['a[', 3], ['.a[', 4], ['{a[}', 4], ['{.a[}', 5], ['a b', 3]] as const) {
    it(`the column of what is wrong with ${text}`, () => expect(errorOf(() => readPath(text, 'x')).message).to.match(new RegExp(`^x: column ${column}: `)));
  }
});
