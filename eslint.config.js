import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { checkRooms, MAY_IMPORT } from './eslint.rooms.js';

const FOLDERS = Object.keys(MAY_IMPORT);
checkRooms(MAY_IMPORT, readdirSync(join(import.meta.dirname, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name));

/** Folders that do no I/O, and the files of the arithmetic in ipam/records. */
const PURE = ['net', 'text', 'go', 'selector', 'resources', 'objects', 'policy', 'dataplane', 'bgp/bird'];
const ARITHMETIC = ['block', 'block-codec', 'keys', 'records'];

/** Modules of few folders only. */
const ONLY_IN = [
  { folders: ['datastore'], modules: '(etcd3|@grpc/.*)' },
  { folders: ['output'], modules: '(chalk|cli-table3|diff|@dagrejs/dagre)' },
  { folders: ['host', 'dns'], modules: '(node:)?child_process' },
  { folders: ['cli', 'commands', 'programs'], modules: '@oclif/.*' },
];

const onlyIn = ({ folders, modules }) => forbid(`^${modules}$`, `Only ${folders.map((folder) => `src/${folder}`).join(' and ')} may import this.`);

/** A module that may not be imported, as pattern and reason. */
const forbid = (regex, message) => ({ regex, message });

/** The rules for both `import ... from` and `import()`: the first knows nothing of the second. */
function importRules(...forbidden) {
  return {
    'no-restricted-imports': ['error', { patterns: forbidden.map(({ regex, message }) => ({ regex, message })) }],
    'no-restricted-syntax': ['error', ...forbidden.map(({ regex, message }) => ({ selector: `ImportExpression[source.value=/${regex.replaceAll('/', '\\u002F')}/]`, message }))],
  };
}

const noProcess = forbid('^(node:)?process$', 'Only src/cli/shell.ts, src/cli/console.ts and src/programs touch the process.');
const noIo = forbid('^(node:(?!(crypto|buffer|module|util)$)|(fs|net|http|https|http2|tls|dns|os|child_process)(/|$))', 'Pure code does no I/O.');

/**
 * What files of a room may not import.
 * @param depth how often `../` stands for the way out of it, as the number of a regular expression
 */
function forbiddenFor(room, depth = '+') {
  const foreign = FOLDERS.filter((other) => other !== room && !MAY_IMPORT[room].includes(other));
  const libraries = ONLY_IN.filter((rule) => !rule.folders.includes(room)).map(onlyIn);
  return [
    forbid(`^(\\.\\./)${depth}(${foreign.join('|')})/`, `src/${room} must not import ${MAY_IMPORT[room].length === 0 ? 'other rooms' : `rooms other than ${MAY_IMPORT[room].join(', ')}`}.`),
    ...(room === 'programs' ? [] : [noProcess]),
    ...libraries,
  ];
}

/** The rules for a folder. Where its files lie no deeper than this, a folder of the room itself is not taken for another room of that name. */
const DEEPEST = 4;
function rulesOf(folder, ...more) {
  const [room, ...inner] = folder.split('/');
  const at = (files, depth) => ({ files: [`src/${folder}/${files}.ts`], rules: importRules(...forbiddenFor(room, depth), ...more) });
  return [at('**/*', '+'), ...Array.from({ length: DEEPEST }, (_, below) => at(`${'*/'.repeat(below)}*`, `{${inner.length + below + 1}}`))];
}

const perFolder = FOLDERS.flatMap((folder) => rulesOf(folder));

/** ESLint replaces a rule, it does not add to it: pure files name the rules of their folder once more. */
const pure = PURE.flatMap((folder) => rulesOf(folder, noIo));
const arithmetic = { files: [`src/ipam/records/{${ARITHMETIC.join(',')}}.ts`], rules: importRules(...forbiddenFor('ipam'), noIo, forbid('^(\\.\\./)+datastore/', 'Arithmetic knows of no store.')) };

export default tseslint.config(
  { ignores: ['dist/', 'dist.*/', 'coverage/', 'node_modules/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    files: ['**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // Query builders of etcd3 are sent when awaited: one that is forgotten is a write that never happens.
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/unbound-method': 'off',
      // Texts are taken apart by code point.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      // The codes of gRPC are numbers on the wire, and its library may not be loaded to name one.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // Stored values are of any shape; a map shown as text is no worse than what somebody stored there.
      '@typescript-eslint/no-base-to-string': 'off',
      // noUncheckedIndexedAccess leaves no other way to say that an index is in range.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
      // Texts of other systems hold control characters, and we look for them.
      'no-control-regex': 'off',
      // Node's own declarations mark what works, and will work in Node 20, as outdated.
      '@typescript-eslint/no-deprecated': 'warn',
    },
  },
  // Node 20 loses these to its garbage collector, and then they never fire.
  { files: ['src/**/*.ts'], rules: { 'no-restricted-properties': ['error', ...['any', 'timeout'].map((property) => ({ object: 'AbortSignal', property, message: 'Use withTimeLimit of src/base/time-limit.ts.' }))] } },
  // src/host/program.ts sends signals.
  { files: ['src/**/*.ts'], ignores: ['src/cli/shell.ts', 'src/cli/console.ts', 'src/programs/**', 'src/host/program.ts'], rules: { 'no-restricted-globals': ['error', { name: 'process', message: noProcess.message }] } },
  ...perFolder,
  ...pure,
  arithmetic,
  // There is no other way to keep one warning of Node quiet.
  { files: ['src/datastore/etcd/server-name-warning.ts'], rules: importRules(...forbiddenFor('datastore').filter((rule) => rule !== noProcess)) },
  { files: ['src/commands/**/*.ts'], rules: { 'max-lines': ['error', { max: 80 }] } },
  // Tables of settings, not code.
  { files: ['src/resources/v3/felix-*.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      'no-console': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      // What `before` sets may not be set in `after`; what implements an interface may have nothing to wait for.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['scripts/**/*.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      ...importRules(forbid('^(\\.\\./)+test/', 'What scripts and tests share is in scripts/support.')),
    },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['bin/*.js', '**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { require: 'readonly', module: 'readonly', exports: 'writable', process: 'readonly', __dirname: 'readonly', console: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off', 'no-var': 'off', eqeqeq: 'error' },
  },
);
